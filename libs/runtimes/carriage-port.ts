/** What lies at one path of a desa's folder. Names are byte for byte: each character is one byte (latin1). */
export interface FolderEntry {
  /** Below `/data/<site>`; empty for that folder itself. */
  path: string;
  /** `other`: pipes and sockets; they live in a process and are not carried. */
  kind: 'file' | 'folder' | 'link' | 'other';
  uid: number;
  gid: number;
  mode: number;
  bytes: number;
  /** Seconds since 1970 with their fraction, as text. */
  modified: string;
  /** Where a link points; it is never followed. */
  to: string;
}

export type Side = 'old' | 'new';

/**
 * The folder of one desa on two servers, and the way between them. All reading is done as the desa itself: a link that
 * it planted leads nowhere it could not go itself.
 */
export interface Carriage {
  /** Every entry, folders before what lies in them; [] when there is no folder. Throws `folder-unreadable`. */
  list(side: Side): Promise<FolderEntry[]>;
  /** What the desa itself may not read: it could not be carried. */
  unreadable(): Promise<string[]>;
  /** path -> sha256 of every file. */
  sums(side: Side): Promise<ReadonlyMap<string, string>>;
  /** Removes these from the new folder, with what lies in them. */
  clear(paths: string[]): Promise<void>;
  /** Streams these entries into the new folder, owned by the desa's uid there; replaces what stands. */
  carry(entries: FolderEntry[]): Promise<void>;
  /** Removes the whole folder; fine when there is none. */
  erase(side: Side): Promise<void>;
  /** Takes away what it needed on both servers. */
  close(): Promise<void>;
}
