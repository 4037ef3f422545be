/** Every word of the optional parts. */
export const words = {
  people: 'Who is here',
  toChat: 'Back to the chat',
  you: 'you',
  more: (count) => `and ${count} more`,
  roles: { __proto__: null, owner: 'owner', admin: 'admin', moderator: 'moderator', visitor: 'may not write' },

  ownApp: 'Continue in your own app',
  toPeople: 'Back to the list of people',
  ownAppHint: 'This is an ordinary XMPP room. If you have an account, join it from the app that you use.',
  code: 'QR code of the address of this room',
  scan: 'Scan it with your phone.',
  openApp: 'Open in your XMPP app',
  address: 'Address of the room',
  copy: 'Copy',
  copied: 'Copied. Paste it where your app asks for the room to join.',
  notCopied: 'Your browser does not allow copying. The address is selected: copy it yourself.',
};
