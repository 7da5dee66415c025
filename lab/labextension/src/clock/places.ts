/** Give an address of the camp itself; null for one that leads anywhere else. */
export function campAddress(address: string | null | undefined): string | null {
  if (!address) {
    return null;
  }
  const url = new URL(address, window.location.origin);
  return url.origin === window.location.origin ? url.href : null;
}
