import { html } from 'hono/html';
import type { Context, Hono } from 'hono';
import { accountName, LANGUAGES } from '../../../wire/index.ts';
import { type Desk, fieldsOf, keepLanguage, pageOf, send, sessionOf } from '../kit/desk.ts';
import { field, form } from '../kit/forms.ts';
import { heading, type View } from '../kit/layout.ts';
import type { Fields, Html, Page } from '../kit/page.ts';
import { problemText } from '../words/problems.ts';
import { text } from '../words/text.ts';

/** The doors of the console: signing in and out, the first password by invitation, and the language. */
const words = {
  signIn: text('登录', 'Sign in'),
  signInAbout: text(
    '区控制台只对有账号的同事开放。',
    'The district console is open to colleagues who have an account.',
  ),
  account: text('账号', 'Account'),
  password: text('密码', 'Password'),
  invited: text('有邀请？请先设定密码。', 'Invited? Set your password first.'),
  redeem: text('设定密码', 'Set your password'),
  redeemAbout: text(
    '请填管理员给您的邀请，它只能用一次。',
    'Fill in the invitation that the administrator gave you. It works once.',
  ),
  invitation: text('邀请', 'Invitation'),
  newPassword: text('新密码', 'New password'),
  again: text('再输入一次', 'The same again'),
  passwordHint: text(
    '至少 12 个字符；几个词连在一起就好记。',
    'At least 12 characters; some words in a row are easy to keep.',
  ),
  toSignIn: text('已有密码？去登录。', 'You have a password? Sign in.'),
} as const;

export function addDoorRoutes(app: Hono, desk: Desk): void {
  for (const door of [signIn, redeem]) {
    app.get(door.path, (context) =>
      send({ page: pageOf(desk, context), context }, door.view(pageOf(desk, context)), 200),
    );
    app.post(door.path, (context) => enter(desk, context, door));
  }
  app.post('/console/sign-out', async (context) => {
    const { fields } = await fieldsOf(context);
    if (desk.tokens.take(sessionOf(desk, context), fields.get('token') ?? ''))
      await desk.parts.access.end(context);
    return context.redirect('/console/sign-in?done=signed-out', 303);
  });
  app.post('/console/language', async (context) => {
    const { fields } = await fieldsOf(context);
    const { language } = pageOf(desk, context);
    keepLanguage(context, LANGUAGES.find((other) => other !== language) ?? language);
    return context.redirect(backOf(fields), 303);
  });
}

/** Only to a page of ours: anything else is an address that somebody put there. */
function backOf(fields: Fields): string {
  const back = fields.get('back') ?? '';
  return /^\/console(\/[a-z0-9-]+)*$/.test(back) ? back : '/console';
}

interface Door {
  readonly path: string;
  readonly form: string;
  view(page: Page): View;
  /** @returns what is wrong */
  enter(desk: Desk, context: Context, fields: Fields): Promise<string | undefined>;
  readonly next: string;
}

async function enter(desk: Desk, context: Context, door: Door): Promise<Response> {
  const { fields } = await fieldsOf(context);
  const isOurs = desk.tokens.take(sessionOf(desk, context), fields.get('token') ?? '');
  const problem = isOurs ? await door.enter(desk, context, fields) : 'bad-form';
  if (problem === undefined) return context.redirect(door.next, 303);
  const page = {
    ...pageOf(desk, context),
    posted: { form: door.form, fields, problem: problemText(problem) },
  };
  return send({ page, context }, door.view(page), 409);
}

const signIn: Door = {
  path: '/console/sign-in',
  form: 'sign-in',
  next: '/console',
  view: (page) =>
    alone(
      page,
      words.signIn,
      html`${heading(page, { title: words.signIn, about: words.signInAbout })}
<section class="sheet">${form(page, {
        id: 'sign-in',
        button: words.signIn,
        fields: [
          field(page, { form: 'sign-in', name: 'account', label: words.account, autocomplete: 'username' }),
          field(page, {
            form: 'sign-in',
            name: 'password',
            label: words.password,
            type: 'password',
            autocomplete: 'current-password',
          }),
        ],
      })}</section><p><a href="/console/invitation">${words.invited[page.language]}</a></p>`,
    ),
  async enter({ parts }, context, fields) {
    const account = accountName.safeParse(fields.get('account')?.trim());
    if (!account.success) return 'wrong-password';
    const [address, oldToken] = [parts.access.address(context), parts.access.token(context)];
    const done = await parts.accounts.signIn({
      account: account.data,
      password: fields.get('password') ?? '',
      ...(address === undefined ? {} : { address }),
      ...(oldToken === undefined ? {} : { oldToken }),
    });
    if (!done.ok) return done.error;
    parts.access.begin(context, done.value);
    return undefined;
  },
};

const redeem: Door = {
  path: '/console/invitation',
  form: 'invitation',
  next: '/console/sign-in?done=password-set',
  view: (page) =>
    alone(
      page,
      words.redeem,
      html`${heading(page, { title: words.redeem, about: words.redeemAbout })}
<section class="sheet">${form(page, {
        id: 'invitation',
        button: words.redeem,
        fields: [
          field(page, {
            form: 'invitation',
            name: 'invitation',
            label: words.invitation,
            type: 'password',
            autocomplete: 'off',
          }),
          field(page, {
            form: 'invitation',
            name: 'password',
            label: words.newPassword,
            hint: words.passwordHint,
            type: 'password',
            autocomplete: 'new-password',
          }),
          field(page, {
            form: 'invitation',
            name: 'again',
            label: words.again,
            type: 'password',
            autocomplete: 'new-password',
          }),
        ],
      })}</section><p><a href="/console/sign-in">${words.toSignIn[page.language]}</a></p>`,
    ),
  async enter({ parts }, context, fields) {
    const password = fields.get('password') ?? '';
    if (password !== fields.get('again')) return 'passwords-differ';
    const invitation = (fields.get('invitation') ?? '').trim();
    const address = parts.access.address(context);
    const from = address === undefined ? {} : { address };
    const done = await parts.accounts.redeem({ invitation, password, ...from });
    return done.ok ? undefined : done.error;
  },
};

function alone(_page: Page, title: View['title'], body: Html): View {
  return { title, body, isAlone: true };
}
