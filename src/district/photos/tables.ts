/** What guards are shown of residents. It ends with its index. */
export interface PhotoTables {
  resident_photo: ResidentPhotoTable;
}

interface ResidentPhotoTable {
  /** Index of the resident. */
  place: number;
  /** Encrypted base64 of a JPEG. */
  record: string;
  accepted_at: number;
  /** Of the application that it came with. */
  receipt: string;
}
