/** An image as the records know it; `imageId` null: of a time when ids were not recorded. */
export interface NamedImage {
  image: string;
  imageId: string | null;
}

/** Images of one server, as steps see them. */
export interface Images {
  /** Whether the server's engine has this very image under its name. */
  holds(wanted: NamedImage): Promise<boolean>;
  /**
   * Brings it there, by way of our registry; `hear` gets a line now and then. Throws `image-nowhere`, `image-differs`,
   * `image-damaged`, `image-not-moved`.
   */
  bring(wanted: NamedImage, hear: (line: string) => void): Promise<void>;
}

export interface Old {
  onServer: string[];
  inRegistry: string[];
}

/** Images that nobody needs any more. */
export interface Pruning {
  old(): Promise<Old>;
  /** What a container has come to stand on meanwhile stays. */
  remove(old: Old): Promise<void>;
}
