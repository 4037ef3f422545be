/** The moderators' page: who one is, where one is, and what is new. */
import { button, make } from '/samepage/dom.js';
import { get, token } from './api.js';
import { views } from './views.js';

const PLACES = { reports: 'Reports', held: 'Waiting', rooms: 'Rooms', bans: 'Bans', log: 'Log' };
const NEWS = 15_000; // ms between two looks for something new
const NOTE = 6_000; // ms

const $ = (id) => document.getElementById(id);
const main = $('main');
let current = null; // place, or the JID of a room
let turn = 0; // of what is being shown
let fading = 0;

function note(text) {
  clearTimeout(fading);
  $('note').textContent = text;
  fading = setTimeout(() => ($('note').textContent = ''), NOTE);
}

const app = {
  everywhere: null, // what a ban from all rooms is called, for those who may

  fail(error) {
    if (error.status === 401) return leave(error.message);
    note(error.message);
  },

  /** Does something that returns what to tell: a text, or an answer with a note. */
  async act(work) {
    try {
      const done = await work();
      if (done === null) return;
      note((done.note ?? (typeof done === 'string' ? done : '')) || 'Done.');
    } catch (error) {
      return app.fail(error);
    }
    await show(current);
    await count();
  },

  open: (room) => show(room, true),
};

async function show(place, isNew = false) {
  current = place;
  const own = ++turn;
  for (const each of $('places').children) {
    each.toggleAttribute('aria-current', each.dataset.place === place || (each.dataset.place === 'rooms' && place.includes('@')));
  }
  main.setAttribute('aria-busy', 'true');
  try {
    const view = place.includes('@') ? await views.room(app, place) : await views[place](app);
    if (own !== turn) return;
    main.replaceChildren(view);
    if (isNew) {
      scrollTo(0, 0);
      main.focus({ preventScroll: true });
    }
  } catch (error) {
    if (own === turn) app.fail(error);
  }
  if (own === turn) main.removeAttribute('aria-busy');
}

/** How much there is to do, at the places themselves. */
async function count() {
  if (!token.get()) return;
  try {
    const [{ reports }, { held }] = await Promise.all([get('reports', { messages: 'no' }), get('held')]);
    mark('reports', reports.length);
    mark('held', held.length);
    document.title = `${reports.length + held.length ? `(${reports.length + held.length}) ` : ''}Moderation – samepage`;
  } catch (error) {
    if (error.status === 401) app.fail(error);
  }
}

function mark(place, number) {
  const node = $('places').querySelector(`[data-place=${place}] .count`);
  node.textContent = number;
  node.hidden = !number;
}

// Coming and going

async function enter() {
  let me;
  try {
    me = await get('me');
  } catch (error) {
    return error.status === 401 ? leave(error.message) : (ask(), note(error.message));
  }
  app.everywhere = me.role === 'moderator' ? null : me.site ? `From all rooms of ${me.site}` : 'From all rooms of this server';
  $('who').replaceChildren(make('bdi', {}, me.nick), `, ${me.role}${me.site ? ` of ${me.site}` : ''}`);
  $('places').replaceChildren(...Object.entries(PLACES).map(([place, label]) =>
    button({ 'data-place': place, onclick: () => show(place, true) }, label, make('span', { class: 'count', hidden: true }))));
  for (const id of ['who', 'leave', 'places']) $(id).hidden = false;
  await show('reports');
  await count();
}

function leave(why) {
  token.forget();
  turn++;
  for (const id of ['who', 'leave', 'places']) $(id).hidden = true;
  ask();
  if (why) note(why);
}

function ask() {
  const field = make('input', { type: 'password', 'aria-label': 'Token', placeholder: 'sp1.…', autocomplete: 'off', required: true });
  main.replaceChildren(make('form', { class: 'enter card', onsubmit: (event) => {
    event.preventDefault();
    take(field.value.trim());
  } },
  make('h2', {}, 'Your token, please'),
  make('p', {}, 'Paste what ', make('code', {}, 'samepage token'), ' has printed, or open the link with it. It is kept in this tab only.'),
  field, make('button', { class: 'main' }, 'Enter')));
}

function take(text) {
  // The whole link will do.
  token.set(text.split('#samepage=').at(-1));
  enter();
}

$('leave').onclick = () => leave();
addEventListener('hashchange', arrive);

/** By a link: the token leaves the address bar at once. */
function arrive() {
  const given = location.hash.split('#samepage=')[1];
  if (given) history.replaceState(null, '', location.pathname);
  if (given) take(decodeURIComponent(given));
  else if (token.get()) enter();
  else ask();
}

setInterval(() => document.visibilityState === 'visible' && count(), NEWS);
addEventListener('visibilitychange', () => document.visibilityState === 'visible' && count());
arrive();
