/** Every word the widget says: what happened, and what to do about it. */
const unread = (count) => count === 1 ? '1 new message' : `${count} new messages`;
const badNick = 'This name cannot be used here. Choose another one.';
const membersOnly = 'This room is for members only.';

export const words = {
  unread,
  bubble: (count, fresh) => `Chat about this page, ${count} here${fresh ? `, ${unread(fresh)}` : ''}`,
  here: (count) => count === 1 ? 'Only you here' : `${count} people here`,
  more: (count) => `and ${count} more`,
  showPeople: 'Show who is here',
  close: 'Close chat',
  back: 'Back to the chat',
  title: 'Who is here',
  you: 'you',
  youAre: 'You are ',
  rename: (nick) => `You are ${nick}. Change your name`,
  nickLabel: 'Your name in this chat',
  save: 'Save',
  cancel: 'Cancel',
  placeholder: 'Write a message',
  send: 'Send',
  messages: 'Messages',
  empty: 'It is quiet here',
  emptyHint: 'Everyone who reads this page meets in this room. Say hello.',
  latest: 'Latest messages',
  unfold: 'Show all',
  fold: 'Show less',
  private: 'to you only',
  renamed: (old, nick) => [old, ' is now ', nick],
  subject: (nick, text) => [nick, ' set the topic: ', text],
  ownClient: 'Open in your XMPP app',
  ownClientHint: 'This is an ordinary chat room. Any XMPP app can join it.',
  tooLong: (most) => `Too long for one message (${most} KB at most). Send it in parts.`,
  noNick: 'A name needs at least one visible character.',
  retry: 'Try again',
  rejoin: 'Join again',
  now: 'Try now',
  roles: { __proto__: null, owner: 'owner', admin: 'admin', moderator: 'moderator', visitor: 'may not write' },

  connecting: 'Connecting…',
  offline: 'You are offline. The chat continues when your connection is back.',
  waiting: 'Connection lost. The chat comes back by itself.',

  /** Why the stream was closed. */
  closed: {
    __proto__: null,
    conflict: 'This chat was opened somewhere else.',
    'host-unknown': 'The chat server does not know its domain. The owner of this site should check its setting.',
    'invalid-mechanism': 'The chat server does not let visitors in without an account.',
    'policy-violation': 'The server closed the connection: too much at once. The chat comes back in a moment.',
    'system-shutdown': 'The chat is being restarted. It comes back in a moment.',
    other: 'The chat server did not let you in.',
  },

  /** Why the room cannot be entered, or the name not be changed. */
  refused: {
    conflict: 'Somebody here has this name already. Choose another one.',
    forbidden: 'You are banned from this room.',
    'jid-malformed': badNick,
    'not-acceptable': badNick,
    'not-allowed': 'There is no chat room for this page.',
    'not-authorized': 'This room needs a password.',
    'registration-required': membersOnly,
    'service-unavailable': 'This room is full right now. Try again in a moment.',
    'policy-violation': 'Too often. Wait a few seconds, then try again.',
    'resource-constraint': 'You are in too many rooms. Close some, then try again.',
    other: 'The room does not answer right now. Try again in a moment.',
  },

  /** Why one is not in the room any more. */
  removed: {
    banned: 'A moderator banned you from this room.',
    kicked: 'A moderator removed you from this room.',
    members: membersOnly,
    destroyed: 'This room was closed.',
    shutdown: 'The chat is being restarted. It comes back in a moment.',
    lost: 'You lost your place in the room. Coming back…',
  },

  /** Why a message was not sent. */
  unsent: {
    'policy-violation': 'Not sent: you are writing too fast. Wait a few seconds.',
    forbidden: 'Not sent: you may not write in this room.',
    'not-acceptable': 'Not sent: you are not in the room.',
    'resource-constraint': 'Not sent: the server cannot store messages right now.',
    other: 'Not sent.',
  },
};

/** The words of a table for a condition; where there are none, what the server has to say. */
export const explain = (table, { condition, text }) =>
  Object.hasOwn(table, condition) ? table[condition] : `${table.other} ${text ?? ''}`.trim();
