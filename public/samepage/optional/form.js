/** Data forms (XEP-0004): read, shown, filled in, sent. */
import { button, make } from '../dom.js';
import { child, children, element } from '../xml.js';
import { styles, wear } from './view.js';
import { why, words } from './words.js';

export const DATA = 'jabber:x:data';
const MAX_FIELDS = 200;
const MAX_OPTIONS = 500;

const sheet = styles(`
.form { display: flex; flex-direction: column; gap: 14px; padding-bottom: 14px; }
.field { display: flex; flex-direction: column; gap: 4px; min-width: 0; border: 0; margin: 0; padding: 0; }
.field > :is(label:not(.check), legend) { padding: 0; font-size: 13px; font-weight: 600; }
.entry, .field select {
  width: 100%; min-height: 38px; padding: 7px 11px; border: 1px solid color-mix(in oklab, var(--text) 45%, var(--bg)); border-radius: 10px;
  background: var(--bg); color: var(--text); font: inherit; line-height: 22px;
}
.entry:focus { border-color: var(--text); box-shadow: 0 0 0 1px var(--text); outline: none; }
textarea.entry { overflow: auto; white-space: pre-wrap; }
.check { display: flex; align-items: center; gap: 9px; min-height: 30px; font-size: 14px; }
.check input { all: revert; flex: none; width: 18px; height: 18px; margin: 0; accent-color: var(--accent); }
.remark { white-space: pre-wrap; }
.complaint { color: var(--bad); font-size: 13px; }
.buttons { display: flex; gap: 6px; }
.buttons button { min-height: 38px; padding: 0 14px; border-radius: 10px; font-size: 14px; font-weight: 600; text-align: center; }
.buttons button:disabled { opacity: .6; }
.buttons .grave { background: light-dark(#b3131c, #ff9a94); color: light-dark(#fff, #17191f); }
@media (pointer: coarse) {
  .entry, .field select, .buttons button, .check { min-height: 44px; }
  .field select { font-size: 16px; }
}
`);

const texts = (node, name) => children(node, name, DATA).map((each) => each.textContent);

/** What a form asks: {type, title, instructions, fields: [{name, type, label, values, options, required, hint}]}. */
export function read(x) {
  const fields = children(x, 'field', DATA).slice(0, MAX_FIELDS).map((field) => ({
    name: field.getAttribute('var') ?? '',
    type: field.getAttribute('type') ?? 'text-single',
    label: field.getAttribute('label'),
    values: texts(field, 'value'),
    options: children(field, 'option', DATA).slice(0, MAX_OPTIONS).map((option) => {
      const [value = ''] = texts(option, 'value');
      return { value, label: option.getAttribute('label') ?? value };
    }),
    required: Boolean(child(field, 'required', DATA)),
    hint: texts(field, 'desc').join('\n'),
  }));
  const { values: [type] = [] } = fields.find(({ name }) => name === 'FORM_TYPE') ?? {};
  return { type, title: texts(x, 'title')[0], instructions: texts(x, 'instructions').join('\n'), fields };
}

/** The lines of a result (§3.4), each a map from the names of the columns; bounded. */
export const table = (x) => children(x, 'item', DATA).slice(0, MAX_OPTIONS).map((item) =>
  new Map(children(item, 'field', DATA).map((field) => [field.getAttribute('var'), texts(field, 'value').join('\n')])));

/** The form with `values`, pairs of name and values. */
export const submission = (type, values) => element(DATA, 'x', { type: 'submit' },
  type && answer('FORM_TYPE', [type]), ...values.map(([name, each]) => answer(name, each)));

const answer = (name, values) =>
  element(DATA, 'field', { var: name }, ...values.map((value) => element(DATA, 'value', {}, value)));

const isTrue = (value) => value === '1' || value === 'true';
const lines = (text) => text.split('\n').map((line) => line.trim()).filter(Boolean);

let count = 0;

/** One field: its node, and what is in it. */
class Field {
  constructor({ name, type, label, values, options = [], required, hint }) {
    this.name = name;
    this.id = `f${count += 1}`;
    const title = make('label', { for: this.id, dir: 'auto' }, label || name, required && ' *');
    const input = (attributes) => make('input', { id: this.id, class: 'entry', value: values[0] ?? '', dir: 'auto', ...attributes });
    switch (type) {
      case 'hidden':
        this.read = () => values;
        return;
      case 'fixed':
        this.node = make('p', { class: 'small remark', dir: 'auto' }, values.join('\n'));
        return;
      case 'boolean':
        this.control = make('input', { id: this.id, type: 'checkbox', checked: isTrue(values[0]) });
        this.node = make('div', { class: 'field' }, make('label', { class: 'check', dir: 'auto' }, this.control, label || name));
        this.read = () => [this.control.checked ? '1' : '0'];
        break;
      case 'list-single': {
        const known = options.some(({ value }) => value === values[0]);
        this.control = make('select', { id: this.id }, ...(known ? [] : [null, ...values]).map((value) =>
          make('option', { value: value ?? '', selected: value === values[0] }, value ?? '–')), ...options.map((option) =>
          make('option', { value: option.value, selected: option.value === values[0] }, option.label)));
        this.node = make('div', { class: 'field' }, title, this.control);
        this.read = () => this.control.value || known ? [this.control.value] : [];
        break;
      }
      case 'list-multi': {
        const boxes = options.map(({ value, label: text }) => [value, text,
          make('input', { type: 'checkbox', checked: values.includes(value) })]);
        this.control = boxes[0]?.[2];
        this.node = make('fieldset', { class: 'field' }, make('legend', { dir: 'auto' }, label || name),
          ...boxes.map(([, text, box]) => make('label', { class: 'check', dir: 'auto' }, box, text)),
          !boxes.length && make('p', { class: 'small' }, words.nothing));
        this.read = () => boxes.filter(([, , box]) => box.checked).map(([value]) => value);
        break;
      }
      case 'text-multi':
      case 'jid-multi':
        this.control = make('textarea', { id: this.id, class: 'entry', rows: '3', dir: 'auto' });
        this.control.value = values.join('\n');
        this.node = make('div', { class: 'field' }, title, this.control);
        this.read = () => type === 'jid-multi' ? lines(this.control.value) : this.control.value.split('\n');
        break;
      default:
        this.control = input({
          'text-private': { type: 'password', autocomplete: 'new-password' },
          'jid-single': { inputmode: 'email', autocapitalize: 'none', spellcheck: 'false' },
        }[type] ?? {});
        this.node = make('div', { class: 'field' }, title, this.control);
        this.read = () => [this.control.value];
    }
    if (hint) this.node.append(make('p', { class: 'small', dir: 'auto' }, hint));
    if (required) this.control?.setAttribute('aria-required', 'true');
  }

  complain(text) {
    this.node.querySelector('.complaint')?.remove();
    if (this.control) this.control.ariaInvalid = text ? 'true' : null;
    this.control?.removeAttribute('aria-describedby');
    if (!text) return;
    this.node.append(make('p', { class: 'complaint', id: `${this.id}e`, role: 'alert', dir: 'auto' }, text));
    this.control?.setAttribute('aria-describedby', `${this.id}e`);
    this.control?.focus();
  }
}

/**
 * The form on the screen. `submit(values)` gets pairs of name and values; what it throws, {text}, is said where it
 * belongs. `action`: the word on the button; `grave`: what is done cannot be taken back easily; `back`: for the other one.
 */
export function formNode({ instructions, fields }, { action, grave, submit, cancel = words.cancel, back }) {
  const shown = fields.filter(({ name, type }) => name !== 'FORM_TYPE' || type === 'fixed').map((field) => new Field(field));
  const complaint = make('p', { class: 'complaint', role: 'alert', dir: 'auto' });
  const send = make('button', { type: 'submit', sp: 'submit' }, action);
  send.classList.add(grave ? 'grave' : 'primary');
  const run = async (event) => {
    event.preventDefault();
    if (send.disabled) return;
    send.disabled = true;
    complaint.textContent = '';
    for (const field of shown) if (field.control) field.complain('');
    try {
      await submit(shown.filter((field) => field.read).map((field) => [field.name, field.read()]));
    } catch (error) {
      const text = await why(error);
      // A service names the field that it is about.
      const field = shown.find(({ name, control }) => control && name && text.startsWith(`${name}: `));
      if (field) field.complain(text.slice(field.name.length + 2));
      else complaint.textContent = text;
    }
    send.disabled = false;
  };
  const node = make('form', { sp: 'form', novalidate: true, autocomplete: 'off', onsubmit: run },
    instructions && make('p', { class: 'small remark', dir: 'auto' }, instructions),
    ...shown.map((field) => field.node), complaint,
    make('div', { class: 'buttons' }, send, button({ class: 'plain', onclick: back }, cancel)));
  return node;
}

export const wearForm = (node) => wear(node, sheet);
