/**
 * The way from the runtimes of one server to the gabungan on another: encrypted, both ends show a certificate. It works
 * on without the control plane.
 */
export interface Way {
  /** Where it leads, in words: `sp-door-satu on b to a (10.1.2.3)`. Throws `way-address-missing`. */
  says(): Promise<string>;
  /** A door stands, whatever it leads to. */
  isThere(): Promise<boolean>;
  /** Both ends stand as the records say, and no certificate has less than a third of its time left. */
  isSo(): Promise<boolean>;
  /** Safe to repeat; what is due is renewed. Throws `way-port-taken`, `way-not-answering`. */
  open(): Promise<void>;
  /** Asks through the door as a runtime would. Throws `way-blocked`, `way-refused`. */
  prove(): Promise<void>;
  /** Whether anybody needs it beside this run. */
  isUsed(exceptRunId: string): Promise<boolean>;
  /** Takes the door away and its name off the list at the other end; with the last one that end goes too. */
  close(): Promise<void>;
}
