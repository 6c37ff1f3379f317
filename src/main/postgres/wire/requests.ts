const query = 0x51;
const sync = 0x53;
const execute = 0x45;
const password = 0x70;
const headerBytes = 5;

/** Watches what the driver sends, for its kinds and lengths alone: what the server may answer follows from it. */
export class Requests {
  /** Requests that the server still has to end with ReadyForQuery. */
  outstanding = 0;
  private header = Buffer.alloc(headerBytes);
  private headerSize = 0;
  private bodyLeft = 0;
  /** The start-up message has no kind. */
  private isFirst = true;

  /**
   * @param onPassword told of a password, or of a step of SCRAM.
   * @param onRequest told when rows are asked for anew.
   */
  constructor(
    private readonly onPassword: () => void,
    private readonly onRequest: () => void,
  ) {}

  watch(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.bodyLeft > 0) {
        const taken = Math.min(this.bodyLeft, bytes.length - at);
        this.bodyLeft -= taken;
        at += taken;
        continue;
      }
      const wanted = this.isFirst ? headerBytes - 1 : headerBytes;
      const taken = Math.min(wanted - this.headerSize, bytes.length - at);
      bytes.copy(this.header, this.headerSize, at, at + taken);
      this.headerSize += taken;
      at += taken;
      if (this.headerSize < wanted) return;
      this.headerSize = 0;
      this.bodyLeft = Math.max(0, this.header.readUInt32BE(wanted - 4) - 4);
      if (!this.isFirst) this.begun(this.header.readUInt8(0));
      this.isFirst = false;
    }
  }

  private begun(kind: number): void {
    if (kind === password) this.onPassword();
    if (kind === query || kind === sync) this.outstanding += 1;
    if (kind === query || kind === execute) this.onRequest();
  }
}
