/** The moderators' API of the server (docs/moderation.md). The token is kept for this tab only. */
const KEY = 'samepage:moderator';

export class Refusal extends Error {
  constructor(status, { condition, text } = {}) {
    super(text || condition || `The server answered ${status}.`);
    this.status = status;
    this.condition = condition;
  }
}

export const token = {
  get: () => sessionStorage.getItem(KEY),
  set: (value) => sessionStorage.setItem(KEY, value),
  forget: () => sessionStorage.removeItem(KEY),
};

export const get = (path, query = {}) => {
  const items = new URLSearchParams(Object.entries(query).filter(([, value]) => value));
  return send(items.size ? `${path}?${items}` : path);
};

export const post = (path, content) =>
  send(path, { method: 'POST', body: JSON.stringify(content), headers: { 'Content-Type': 'application/json' } });

async function send(path, { headers = {}, ...options } = {}) {
  let answer;
  try {
    answer = await fetch(`/admin/api/${path}`, {
      ...options, headers: { ...headers, Authorization: `Bearer ${token.get()}` }, credentials: 'omit', cache: 'no-store',
    });
  } catch {
    throw new Refusal(0, { text: 'The server cannot be reached.' });
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, content);
  return content;
}
