const MOST = 100;

/** The messages that were read, kept in the browser for all pages of a seat. */
export class ReadNotices {
  constructor(private readonly key: string) {}

  has(id: string): boolean {
    return this.load().includes(id);
  }

  add(id: string): void {
    const read = [...this.load(), id].slice(-MOST);
    try {
      window.localStorage.setItem(this.key, JSON.stringify(read));
    } catch {
      this.forgotten = read; // a browser that keeps nothing: until the page is left
    }
  }

  private forgotten: string[] = [];

  private load(): string[] {
    try {
      const kept: unknown = JSON.parse(
        window.localStorage.getItem(this.key) ?? '[]'
      );
      return [...(Array.isArray(kept) ? kept.map(String) : []), ...this.forgotten];
    } catch {
      return this.forgotten;
    }
  }
}
