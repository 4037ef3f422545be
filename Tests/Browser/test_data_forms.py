"""Any data form (XEP-0004) of any service, as moderators are shown it: every type of field, and whatever labels say."""

from xml.etree import ElementTree

from harness.case import DEMO, BrowserTest
from harness.waiting import until

HOSTILE = "&lt;img src=x onerror=window.pwned=1&gt;"
FORM = f"""
<x xmlns='jabber:x:data' type='form'>
  <title>{HOSTILE}</title>
  <instructions>Fill in.</instructions><instructions>{HOSTILE}</instructions>
  <field type='hidden' var='FORM_TYPE'><value>urn:test</value></field>
  <field type='hidden' var='secret'><value>kept</value></field>
  <field type='fixed'><value>A remark. {HOSTILE}</value></field>
  <field type='text-single' var='single' label='Single {HOSTILE}'><value>one</value><desc>{HOSTILE}</desc><required/></field>
  <field var='untyped' label='Untyped'/>
  <field type='text-private' var='private' label='Private'><value>hush</value></field>
  <field type='text-multi' var='multi' label='Multi'><value>a</value><value>b</value></field>
  <field type='boolean' var='yes' label='Yes'><value>true</value></field>
  <field type='boolean' var='no' label='No'/>
  <field type='list-single' var='one-of' label='One of'><value>2</value>
    <option label='{HOSTILE}'><value>1</value></option><option><value>2</value></option></field>
  <field type='list-multi' var='some-of' label='Some of'><value>x</value><value>z</value>
    <option label='X'><value>x</value></option><option label='Y'><value>y</value></option><option label='Z'><value>z</value></option></field>
  <field type='list-multi' var='none-of' label='None of'/>
  <field type='jid-single' var='jid' label='Address'><value>ann@example.org</value></field>
  <field type='jid-multi' var='jids' label='Addresses'><value>a@example.org</value><value>b@example.org</value></field>
</x>
"""
SHOW = """
const done = arguments[2];
Promise.all(['optional/form.js', 'xml.js', 'optional/view.js'].map(name => import(`${arguments[1]}${name}`))).then(
  ([{ formNode, read, submission, wearForm }, { parse, serialize }, { cover }]) => {
    const root = document.querySelector('samepage-chat').shadowRoot;
    const form = read(parse(arguments[0].trim()));
    window.sent = [];
    window.refusal = null;
    const middle = root.querySelector('.middle');
    const { body } = cover({ log: { node: middle.firstChild, list: middle.querySelector('.log') } }, 'test-view', form.title, null);
    body.append(formNode(form, { action: 'Send', back() {}, submit: async (values) => {
      window.sent.push(serialize(submission(form.type, values)));
      if (window.refusal) throw { text: window.refusal };
    } }));
    wearForm(body);
    done(form.title);
  });
"""


class DataForms(BrowserTest):
    def shown(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        assets = self.server.rooms(self.server.url(DEMO)).get("assets", "samepage/")
        title = ann.driver.execute_async_script(SHOW, FORM, self.server.url("/" + assets.lstrip("/")))
        self.assertIn("<img", title)
        ann.widget.wait("test-view")
        return ann

    def fields(self, visitor):
        visitor.widget.wait("submit").click()
        until(lambda: visitor.run("return sent.length"), "the form to be sent")
        form = ElementTree.fromstring(visitor.run("return sent.at(-1)"))
        self.assertEqual((form.tag, form.get("type")), ("{jabber:x:data}x", "submit"))
        return {field.get("var"): [value.text or "" for value in field] for field in form}

    def test_a_form_of_every_type_of_field_comes_back_as_it_was_shown(self):
        ann = self.shown()
        self.assertEqual(self.fields(ann), {
            "FORM_TYPE": ["urn:test"], "secret": ["kept"], "single": ["one"], "untyped": [""], "private": ["hush"],
            "multi": ["a", "b"], "yes": ["1"], "no": ["0"], "one-of": ["2"], "some-of": ["x", "z"], "none-of": [],
            "jid": ["ann@example.org"], "jids": ["a@example.org", "b@example.org"],
        })  # fmt: skip

    def test_what_is_changed_in_a_form_is_what_is_sent_and_every_field_has_a_name(self):
        ann = self.shown()
        ann.widget.fill("Untyped", "typed")
        ann.widget.fill("Multi", "c\nd")
        ann.widget.fill("No", True)
        ann.widget.fill("Y", True)
        ann.widget.fill("X", False)
        ann.widget.fill("One of", "1")
        ann.widget.fill("Addresses", " c@example.org \n\nd@example.org")
        fields = self.fields(ann)
        changed = {name: fields[name] for name in ("untyped", "multi", "no", "some-of", "one-of", "jids")}
        self.assertEqual(changed, {
            "untyped": ["typed"], "multi": ["c", "d"], "no": ["1"], "some-of": ["y", "z"], "one-of": ["1"],
            "jids": ["c@example.org", "d@example.org"],
        })  # fmt: skip
        nameless = [
            node for node in ann.tell("Accessibility.getFullAXTree")["nodes"]
            if not node.get("ignored") and node["role"]["value"] in ("textbox", "checkbox", "combobox", "button")
            and not node.get("name", {}).get("value", "").strip()
        ]  # fmt: skip
        self.assertEqual(nameless, [])

    def test_a_refusal_is_said_at_the_field_that_it_names_else_at_the_end_and_goes_with_the_next_attempt(self):
        ann = self.shown()
        complaints = "return [...root.querySelectorAll('.complaint')].map(each => [each.closest('.field')?.textContent ?? '', each.textContent]).filter(each => each[1])"
        ann.run("window.refusal = 'single: not <b>this</b>.'")
        ann.widget.wait("submit").click()
        (where, what), = until(lambda: ann.widget.run(complaints), "a complaint")
        self.assertIn("Single", where)
        self.assertEqual(what, "not <b>this</b>.")
        self.assertEqual(ann.widget.run("return root.activeElement.value"), "one")
        ann.run("window.refusal = 'secret: is none of yours.'")
        ann.widget.wait("submit").click()
        until(lambda: ann.widget.run(complaints) == [["", "secret: is none of yours."]], "it to be said at the end")
        ann.run("window.refusal = null")
        ann.widget.wait("submit").click()
        until(lambda: not ann.widget.run(complaints), "the complaint to go")

    def test_markup_in_a_form_stays_text(self):
        ann = self.shown()
        self.assertEqual(ann.widget.run("return root.querySelectorAll('img, script, [onerror]').length"), 0)
        self.assertGreaterEqual(ann.widget.text("test-view").count("<img src=x"), 5)
        self.assertFalse(ann.run("return 'pwned' in window"))
