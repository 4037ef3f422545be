// What a visitor's browser is made to believe about the XMPP network behind the server.
(() => {
  const sockets = []
  const bounced = []
  let isDown = false

  const RealWebSocket = window.WebSocket
  window.WebSocket = class extends RealWebSocket {
    constructor (...how) {
      super(...how)
      sockets.push(this)
    }

    send (text) {
      const [, id] = /^<message .*?\bid="([^"]*)"/.exec(text) ?? []
      if (!isDown || !id) return super.send(text)
      bounced.push(id)
    }
  }

  const realFetch = window.fetch
  window.fetch = async (...how) => {
    const answer = await realFetch(...how)
    if (!String(how[0]).includes('/rooms?')) return answer
    const told = await answer.json()
    for (const room of told.rooms) Object.assign(room, network.rooms)
    return Response.json(told)
  }

  const network = {
    // What `GET /rooms` says besides what it says.
    rooms: {},
    // Stanzas that have not reached the room's server.
    bounced,
    hold: (yes) => { isDown = yes },
    hear: (stanza) => sockets.at(-1).dispatchEvent(new MessageEvent('message', { data: stanza }))
  }
  Object.defineProperty(window, 'network', { value: network })
})()
