import type { SendNews } from '../../src/main/changes/send-news';

/** A console whose LiteLLM hears of nothing: what waits in the outbox stays there. */
export const nobodyIsTold: SendNews = () => Promise.resolve(0);
