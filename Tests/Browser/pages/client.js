'use strict'

// A chat client in a few lines of Strophe.js: it shares no code with the widget. The tests call window.client.
window.client = {
  connection: null,
  status: null,
  here: [],
  // All presence, oldest first: the nick, with a minus before it when somebody goes.
  seen: [],
  heard: [],
  subject: null,
  room: null,

  connect (address, domain) {
    this.connection = new Strophe.Connection(address)
    this.connection.connect(domain, null, status => {
      this.status = Object.keys(Strophe.Status).find(name => Strophe.Status[name] === status)
    })
  },

  join (room, nick) {
    this.room = room
    this.connection.addHandler(stanza => this.onPresence(stanza), null, 'presence')
    this.connection.addHandler(stanza => this.onMessage(stanza), null, 'message')
    this.connection.send($pres({ to: `${room}/${nick}` }).c('x', { xmlns: Strophe.NS.MUC }))
  },

  onPresence (stanza) {
    const nick = Strophe.getResourceFromJid(stanza.getAttribute('from'))
    this.here = this.here.filter(other => other !== nick)
    if (!stanza.hasAttribute('type')) this.here.push(nick)
    this.seen.push((stanza.hasAttribute('type') ? '-' : '') + nick)
    return true
  },

  onMessage (stanza) {
    const child = name => [...stanza.children].find(element => element.localName === name)
    if (child('subject') && !child('body')) this.subject = child('subject').textContent
    if (child('body')) {
      this.heard.push({
        nick: Strophe.getResourceFromJid(stanza.getAttribute('from')),
        body: child('body').textContent,
        type: stanza.getAttribute('type'),
        id: stanza.getAttribute('id'),
        stanzaId: child('stanza-id')?.getAttribute('id')
      })
    }
    return true
  },

  // `extra` is a function that may add further elements to the message.
  say (body, extra = message => message) {
    const message = $msg({ to: this.room, type: 'groupchat', id: this.connection.getUniqueId() }).c('body').t(body).up()
    this.connection.send(extra(message))
  },

  setSubject (subject) {
    this.connection.send($msg({ to: this.room, type: 'groupchat' }).c('subject').t(subject))
  },

  disconnect () {
    this.connection.disconnect()
  }
}
