import type { ChangePreview } from '../../../shared/contract/changes';
import type { OpenReview } from './review-store';

/** What a review's button says, and what is told once it was done: all of it, or some. */
const wordsOf = {
  update: { confirm: 'review.confirm', done: 'review.done', partly: 'review.partlyDone' },
  create: { confirm: 'review.create', done: 'review.created', partly: 'review.partlyCreated' },
  delete: { confirm: 'review.delete', done: 'review.deleted', partly: 'review.partlyDeleted' },
  undo: { confirm: 'review.confirmUndo', done: 'review.undone', partly: 'review.partlyUndone' },
  merge: { confirm: 'review.merge', done: 'review.merged', partly: 'review.partlyDone' },
  offboard: { confirm: 'review.offboard', done: 'review.offboarded', partly: 'review.partlyDone' },
  newTeam: { confirm: 'review.createTeam', done: 'review.createdTeam', partly: 'review.partlyCreated' },
  newSubscriptions: {
    confirm: 'review.createSubscriptions',
    done: 'review.created',
    partly: 'review.partlyCreated',
  },
  newModel: { confirm: 'review.createModel', done: 'review.created', partly: 'review.partlyCreated' },
  approve: { confirm: 'review.approve', done: 'review.approved', partly: 'review.partlyDone' },
  deny: { confirm: 'review.deny', done: 'review.denied', partly: 'review.partlyDone' },
  addMembers: { confirm: 'review.addMembers', done: 'review.done', partly: 'review.partlyDone' },
  memberRoles: { confirm: 'review.confirm', done: 'review.done', partly: 'review.partlyDone' },
  removeMembers: {
    confirm: 'review.removeMembers',
    done: 'review.removedMembers',
    partly: 'review.partlyDone',
  },
  revoke: { confirm: 'review.revoke', done: 'review.revoked', partly: 'review.partlyDone' },
  retire: { confirm: 'review.retire', done: 'review.retired', partly: 'review.partlyDone' },
  replaceModel: { confirm: 'review.replace', done: 'review.replaced', partly: 'review.partlyDone' },
  setPrice: { confirm: 'review.setPrice', done: 'review.priceSet', partly: 'review.partlyDone' },
  moveMembers: { confirm: 'review.moveMembers', done: 'review.movedMembers', partly: 'review.partlyDone' },
} as const;

/** What a change is called where its way (made, changed, deleted) says too little. */
export type ReviewVerb = Exclude<keyof typeof wordsOf, 'update' | 'create' | 'delete' | 'undo'>;

/** The words of a review: its own, or those of what happens to its records. */
export function reviewWords(
  { verb, request }: Pick<OpenReview, 'verb' | 'request'>,
  preview: ChangePreview | undefined,
): (typeof wordsOf)[keyof typeof wordsOf] {
  if (request.procedure === 'previewUndo') return wordsOf.undo;
  return wordsOf[verb ?? preview?.records[0]?.way ?? 'update'];
}
