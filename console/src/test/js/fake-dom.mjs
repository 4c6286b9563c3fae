// As much of a document as the page uses. What would make markup of text is not there: a page that tried would fail.

class FakeElement {
  constructor(tag) {
    Object.assign(this, { tag, dataset: {}, className: '', title: '', id: '', value: '', hidden: false, disabled: false, open: false });
    Object.assign(this, { children: [], attributes: {}, listeners: {}, text: '', parent: null, focused: false });
  }
  get textContent() { return this.text + this.children.map((child) => child.textContent).join(' '); }
  set textContent(text) { this.children = []; this.text = String(text); }
  get tBodies() { return this.children.filter((child) => child.tag === 'tbody'); }
  setAttribute(name, value) { this.attributes[name] = value; }
  addEventListener(name, listener) { this.listeners[name] = listener; }
  append(child) { this.insertBefore(child, null); }
  insertBefore(child, before) {
    child.remove();
    child.parent = this;
    this.children.splice(before === null ? this.children.length : this.children.indexOf(before), 0, child);
  }
  replaceChildren(...children) { this.text = ''; this.children = []; children.forEach((child) => this.append(child)); }
  remove() { if (this.parent) this.parent.children = this.parent.children.filter((child) => child !== this); this.parent = null; }
  querySelector(tag) { return this.children.find((child) => child.tag === tag); }
  showModal() { this.open = true; }
  close() { this.open = false; }
  focus() { this.focused = true; }
}

/** A document that has an element for every id of the page. */
export function fakeDocument(html) {
  const byId = {};
  for (const [, tag, id] of html.matchAll(/<(\w+)[^>]*\sid="([\w-]+)"/g)) {
    byId[id] = new FakeElement(tag);
    if (tag === 'table') byId[id].append(new FakeElement('tbody'));
    if (tag === 'dialog') byId[id].append(new FakeElement('form'));
  }
  return {
    title: '',
    createElement: (tag) => new FakeElement(tag),
    getElementById: (id) => byId[id] ?? assertFound(id),
  };
}

function assertFound(id) {
  throw new Error(`the page has no element with the id ${id}`);
}
