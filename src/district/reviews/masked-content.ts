import { z } from 'zod';
import {
  APPEAL_TYPES,
  DOCUMENT_TYPES,
  maskedName,
  maskedNumber,
  maskedPhone,
  checkPhone,
} from '../../wire/index.ts';
import type { ApplicationContent } from './application-store.ts';

/** What was sent, as a reviewer sees it unasked: masked like every other person here. */
export const maskedContent = z.object({
  name: z.string(),
  documentType: z.enum(DOCUMENT_TYPES),
  documentNumber: z.string(),
  phone: z.string().optional(),
  room: z.string(),
  /** Of a registration. */
  assurance: z.int().optional(),
  consent: z.object({ version: z.string(), at: z.int() }).optional(),
  needsMoreTime: z.boolean().optional(),
  minor: z.boolean().optional(),
  /** Of an appeal: what somebody else has. */
  type: z.enum(APPEAL_TYPES).optional(),
});
export type MaskedContent = z.infer<typeof maskedContent>;

export function maskedOf(content: ApplicationContent): MaskedContent {
  const { name, document, phone } = content.kind === 'registration' ? content.person : content.right;
  const masked = {
    name: maskedName(name),
    documentType: document.type,
    documentNumber: maskedNumber(document.number),
    ...(phone === undefined ? {} : { phone: maskedPhone(phoneOf(phone)) }),
    room: content.room,
  };
  if (content.kind === 'appeal') return { ...masked, type: content.type };
  const { assurance, needsMoreTime, minor, person } = content;
  const { consent } = person;
  return { ...masked, assurance, needsMoreTime, minor, ...(consent === undefined ? {} : { consent }) };
}

/** The same, with nothing hidden: for whoever has said what for. */
export function wholeOf(content: ApplicationContent): MaskedContent {
  const { name, document, phone } = content.kind === 'registration' ? content.person : content.right;
  return {
    ...maskedOf(content),
    name,
    documentNumber: document.number,
    ...(phone === undefined ? {} : { phone }),
  };
}

/** In its one form, so that its mask hides as much as any other's. */
function phoneOf(phone: string): string {
  const read = checkPhone(phone);
  return read.ok ? read.value : phone;
}
