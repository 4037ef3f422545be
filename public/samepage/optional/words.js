/** Every word of the optional parts. */
export const words = {
  nickLabel: 'Your name in this chat',
  save: 'Save',
  cancel: 'Cancel',
  noNick: 'A name needs at least one visible character.',

  people: 'Who is here',
  toChat: 'Back to the chat',
  you: 'you',
  more: (count) => `and ${count} more`,
  reading: (count) => count === 1 ? '1 person only reads' : `${count} people only read`,
  roles: { __proto__: null, owner: 'owner', admin: 'admin', moderator: 'moderator', visitor: 'may not write' },

  ownApp: 'Continue in your own app',
  toPeople: 'Back to the list of people',
  ownAppHint: 'With an XMPP account you can join from any app.',
  code: 'QR code of the address of this room',
  openApp: 'Open in your XMPP app',
  address: 'Address of the room',
  copy: 'Copy',
  copied: 'Copied. Paste it where your app asks for a room.',
  notCopied: 'Your browser does not allow copying. The address is selected: copy it yourself.',
};
