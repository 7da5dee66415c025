import type { ClockModel } from './model';

/** Have screen readers say what the camp announces, in the midst of anything else. */
export function announce(model: ClockModel): void {
  const region = document.createElement('div');
  region.className = 'camp-Announcer';
  region.setAttribute('aria-live', 'assertive');
  document.body.append(region);
  model.announced.connect((_, text) => {
    const line = document.createElement('p');
    line.textContent = text;
    // What was said before stays a while: two things may happen at once.
    region.append(line);
    while (region.childElementCount > 3) {
      region.firstElementChild?.remove();
    }
  });
}
