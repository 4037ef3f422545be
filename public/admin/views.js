/** The places of the page: each loads what it shows, and says how it looks. */
import { button, make } from '/samepage/dom.js';
import { get, post } from './api.js';
import { ban } from './ban.js';
import { acts, card, facts, name, none, place, said, time } from './parts.js';

const WORDS = {
  kick: 'threw out', ban: 'banned', lift: 'lifted the ban of', affiliation: 'changed the place of', role: 'changed the voice of',
  subject: 'set the subject', retraction: 'took back a message', configuration: 'changed the settings', destroy: 'ended the room',
  report: 'reported', settle: 'settled a report about', undo: 'undid', 'slow-mode': 'set slow mode', hold: 'held a message of',
  release: 'let through a message of', drop: 'dropped a message of', escalation: 'closed against a flood', relaxation: 'opened again',
};
const UNDOABLE = new Set(['ban', 'affiliation', 'role', 'subject', 'slow-mode']);

/** `app`: `act(work)` does something, tells of it and shows the place anew; `open(room)`; `me`. */
export const views = {
  async reports(app) {
    const { reports } = await get('reports');
    if (!reports.length) return none('No open reports', 'What visitors report comes here.');
    return make('ul', { class: 'cards' }, ...reports.map((report) => reportCard(app, report)));
  },

  async held(app) {
    const { held } = await get('held');
    if (!held.length) return none('Nothing waits', 'Messages that a filter or a room holds back come here.');
    return make('ul', { class: 'cards' }, ...held.map((message) => heldCard(app, message)));
  },

  async rooms(app) {
    const list = make('ul', { class: 'cards' });
    const search = make('input', { type: 'search', placeholder: 'Find a room, or the address of a page', 'aria-label': 'Find a room' });
    const draw = async () => {
      const text = search.value.trim();
      // The room of a page that nobody has been on lately is found by the page's address.
      const { rooms } = await get('rooms', /^https?:/.test(text) ? { url: text } : { search: text })
        .catch((error) => (error.status === 404 ? { rooms: [] } : Promise.reject(error)));
      list.replaceChildren(...rooms.map((room) => roomCard(app, room)));
      if (!rooms.length) list.append(none('No such room', 'Rooms show here when somebody has been in them lately.'));
    };
    let soon = 0;
    search.addEventListener('input', () => {
      clearTimeout(soon);
      soon = setTimeout(() => draw().catch(app.fail), 250);
    });
    await draw();
    return make('div', {}, make('div', { class: 'bar' }, search), list);
  },

  async bans(app) {
    const { bans } = await get('bans');
    if (!bans.length) return none('Nobody is banned', 'Bans made by command or here are listed here.');
    return make('ul', { class: 'cards' }, ...bans.map((each) => banCard(app, each)));
  },

  async log(app) {
    const list = make('ul', { class: 'card' });
    const more = button({ class: 'more' }, 'Earlier');
    const draw = async (before) => {
      const { log } = await get('log', { before });
      list.append(...log.map((act) => actRow(app, act)));
      more.hidden = log.length < 100;
      more.onclick = () => draw(log.at(-1).id).catch(app.fail);
    };
    await draw();
    if (!list.children.length) return none('Nothing yet', 'Whatever moderators do, by whatever door, comes here.');
    return make('div', {}, list, more);
  },

  async room(app, jid) {
    const [{ rooms }, { occupants }, messages] = await Promise.all([
      get('rooms', { search: jid.split('@')[0] }).catch(() => ({ rooms: [] })),
      get('occupants', { room: jid }), get('messages', { room: jid }).catch(() => ({ messages: [] })),
    ]);
    const room = rooms.find((each) => each.jid === jid) ?? { jid };
    const slow = make('select', {}, ...[0, 5, 15, 60, 300].map((seconds) =>
      make('option', { value: seconds }, seconds ? `One message in ${seconds} s` : 'No slow mode')));
    slow.value = String(room.slowMode ?? 0);
    slow.onchange = () => app.act(() => post('slow-mode', { room: jid, seconds: Number(slow.value) }));
    return make('div', {},
      make('div', { class: 'bar' }, make('h2', {}, room.name ? name(room.name) : place(jid)),
        make('label', { class: 'facts' }, 'Slow mode', slow)),
      make('h3', { class: 'section' }, `Here now: ${occupants.length}`),
      make('ul', { class: 'card' }, ...occupants.map((person) => personRow(app, jid, person)),
        !occupants.length && make('li', { class: 'facts' }, 'Nobody.')),
      make('h3', { class: 'section' }, 'Said last'),
      make('ul', { class: 'cards' }, ...messages.messages.reverse().map((message) => messageCard(app, jid, message)),
        !messages.messages.length && make('li', { class: 'facts' }, 'Nothing that was kept.')));
  },
};

// What is done

const retract = (app, room, message) => !message.retracted && message.id &&
  button({ onclick: () => app.act(() => post('retract', { room, id: message.id })) }, 'Take back');

const banButton = (app, room, who, nick) => who && button({
  class: 'bad', onclick: () => app.act(() => ban({ room, who, nick, everywhere: app.everywhere })),
}, 'Ban…');

function reportCard(app, report) {
  const settle = (verdict) => app.act(() => post('reports', { ids: [report.id], verdict }));
  return card(
    make('h2', {}, name(report.actorNick), ` reports ${report.kind}`, report.authors && ' by ', report.authors && name(report.authors)),
    facts(link(app, report.room), time(report.time), report.reason && make('bdi', {}, `“${report.reason}”`)),
    ...report.messages.map((message) => make('div', {}, said(message),
      acts(retract(app, report.room, message), banButton(app, report.room, message.jid ?? message.nick, message.nick)))),
    !report.messages.length && make('p', { class: 'said gone' }, 'The message is gone.'),
    acts(button({ class: 'main', onclick: () => settle('done') }, 'Done'), button({ onclick: () => settle('dismissed') }, 'Nothing is wrong')));
}

function heldCard(app, message) {
  const review = (verdict) => app.act(() => post('held', { room: message.room, ids: [message.id], verdict }));
  return card(facts(link(app, message.room)), said(message),
    acts(button({ class: 'main', onclick: () => review('release') }, 'Let through'), button({ onclick: () => review('drop') }, 'Drop'),
      banButton(app, message.room, message.jid, message.nick)));
}

function roomCard(app, room) {
  return card(make('h2', {}, button({ onclick: () => app.open(room.jid) }, name(room.name))),
    facts(room.url && name(room.url.replace(/^https?:\/\//, '')), `${room.occupants} here`, room.readers && `${room.readers} reading`,
      room.lastActivity && make('span', {}, 'last message ', time(room.lastActivity)), room.held && `${room.held} waiting`,
      room.reports && `${room.reports} reported`, room.slowMode && `slow mode ${room.slowMode} s`));
}

function banCard(app, each) {
  const isEverywhere = each.scope === 'site';
  return card(make('h2', {}, make('code', {}, each.jid)),
    facts(isEverywhere ? 'all rooms' : name(each.scope.replace(/^room /, '').replace(/^pages /, 'all rooms of ')), each.networks && `with ${each.networks} networks`,
      time(each.since), each.until ? make('span', {}, 'until ', time(each.until)) : 'for ever'),
    each.reason && make('p', { dir: 'auto' }, each.reason),
    acts(button({ onclick: () => app.act(() => post('lift', { bans: [each.id] })) }, 'Lift')));
}

function actRow(app, act) {
  const change = [act.before, act.after].filter((value) => value !== undefined).join(' → ');
  return make('li', { class: 'row' },
    make('div', {},
      make('p', { class: act.undone ? 'undone' : null }, name(act.actorNick ?? act.actor ?? 'The room'), ` ${WORDS[act.kind] ?? act.kind} `,
        act.targetNick ? name(act.targetNick) : ['ban', 'lift', 'affiliation'].includes(act.kind) && name(act.target)),
      facts(time(act.time), act.room && name(act.room), ['role', 'affiliation', 'subject', 'slow-mode', 'settle', 'configuration'].includes(act.kind) && change && name(change),
        act.reason && name(`“${act.reason}”`))),
    UNDOABLE.has(act.kind) && !act.undone && acts(button({ onclick: () => app.act(() => post('undo', { act: act.id })) }, 'Undo')));
}

function personRow(app, room, person) {
  const voice = (value) => app.act(() => post('voice', { room, nick: person.nick, voice: value }));
  const isStaff = person.role === 'moderator';
  return make('li', { class: 'row' },
    make('div', {}, make('p', {}, name(person.nick)), facts(person.affiliation === 'none' ? person.role : `${person.affiliation}, ${person.role}`)),
    !isStaff && acts(
      person.role === 'visitor' ? button({ onclick: () => voice(true) }, 'Give voice') : button({ onclick: () => voice(false) }, 'Mute'),
      button({ onclick: () => app.act(() => post('kick', { room, nick: person.nick })) }, 'Throw out'),
      banButton(app, room, person.nick, person.nick)));
}

const messageCard = (app, room, message) =>
  card(said(message), acts(retract(app, room, message), banButton(app, room, message.jid, message.nick)));

const link = (app, room) => make('a', { href: '#', onclick: (event) => {
  event.preventDefault();
  app.open(room);
} }, place(room));
