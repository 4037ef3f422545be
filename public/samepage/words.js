/** Every word the widget says: what happened, and what to do about it. */
const unread = (count) => count === 1 ? '1 new message' : `${count} new messages`;
const unreachable = 'The room’s server cannot be reached.';

export const words = {
  unread,
  bubble: (count, fresh) => `Chat about this page, ${count} here${fresh ? `, ${unread(fresh)}` : ''}`,
  here: (count, readers) => count + readers === 1 ? 'Only you here'
    : readers ? `${count} here, ${readers} reading` : `${count} people here`,
  showPeople: 'Show who is here',
  close: 'Close chat',
  youAre: (reads) => reads ? 'You write as ' : 'You are ',
  rename: (nick, reads) => `${words.youAre(reads)}${nick}. Change your name`,
  placeholder: 'Write a message',
  send: 'Send',
  messages: 'Messages',
  empty: 'It is quiet here',
  emptyHint: 'Everyone who reads this page meets in this room. Say hello.',
  latest: 'Latest messages',
  private: 'to you only',
  waits: 'Waiting to be sent',
  renamed: (old, nick) => [old, ' is now ', nick],
  subject: (nick, text) => [nick, ' set the topic: ', text],
  tooLong: (most) => `Too long for one message (${most} KB at most). Send it in parts.`,
  full: 'Too many messages wait to be sent. Send it when they are through.',
  retry: 'Try again',
  rejoin: 'Join again',
  now: 'Try now',
  notLoaded: 'This cannot be loaded. Reload the page to try again.',

  trouble: 'That did not work. Try again in a moment.',
  connecting: 'Connecting…',
  offline: 'You are offline. The chat continues when your connection is back.',
  waiting: 'Connection lost. The chat comes back by itself.',
  unlinked: `${unreachable} Messages can be sent again when it is back.`,
  kept: 'Not sent yet. Send it when the room’s server is back.',

  /** Why the stream was closed, when it comes back. */
  closed: {
    __proto__: null,
    'policy-violation': 'Too much at once. The chat comes back in a moment.',
    'system-shutdown': 'The chat is being restarted. It comes back in a moment.',
  },
};

/** What an error means, in words that are loaded when something is wrong; `table` is one of theirs. */
export const explain = (table, error) => import('./optional/errors.js').then(
  (part) => part.explain(table, error), () => words.trouble);
