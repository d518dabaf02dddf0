import type { Deed, DeedReason, LookUpPurpose, ManualVerb, SystemEvent } from '../../../wire/index.ts';
import { alarms, clockQualities, doorEvents } from './common.ts';
import { documentName } from './documents.ts';
import { reasonText } from './reasons.ts';
import { fill, plain, type Text, text } from './text.ts';
import { updates, updateText } from './updates.ts';

/**
 * Why a row was written, in words: a gate keeps `what:detail`. What has no words here, of a newer gate or an older one, is
 * shown as it stands, so that nothing is hidden and nothing is guessed.
 */
type Cause = DeedReason | LookUpPurpose;

export const causes: Readonly<Record<Cause, Text>> = {
  'no-phone': text('没带手机', 'no phone'),
  'phone-broken': text('手机坏了或没电', 'phone broken or empty'),
  'code-refused': text('码刷不过', 'code refused'),
  'document-seen': text('看过证件', 'document seen'),
  'known-resident': text('认识的住户', 'known resident'),
  child: text('孩子', 'child'),
  'with-family': text('和家人一起', 'with family'),
  'card-confirmed': text('纸卡已核对', 'printed card checked'),
  'host-asked': text('住户来电或留言', 'the host asked'),
  'host-came': text('住户来接', 'the host came'),
  appointment: text('事先约好', 'by appointment'),
  parcel: text('快递', 'parcel'),
  food: text('外卖', 'food'),
  removal: text('搬家', 'moving house'),
  repair: text('维修', 'repair'),
  utility: text('水电燃气', 'water, power, gas'),
  ambulance: text('救护车', 'ambulance'),
  'fire-brigade': text('消防', 'fire brigade'),
  police: text('警察', 'police'),
  evacuation: text('疏散', 'evacuation'),
  vehicle: text('车辆进出', 'vehicle'),
  event: text('活动', 'event'),
  crowd: text('人多拥挤', 'crowd'),
  threat: text('有危险', 'threat'),
  'police-order': text('警方要求', 'police order'),
  drill: text('演练', 'drill'),
  'gate-damage': text('门损坏', 'gate damaged'),
  over: text('已经结束', 'it is over'),
  mistake: text('按错了', 'by mistake'),
  'did-not-enter': text('没有进入', 'did not enter'),
  visitor: text('访客', 'visitor'),
  delivery: text('送货', 'delivery'),
  safety: text('安全', 'safety'),
  other: text('其他', 'other'),
};

/** What is said before the detail. */
type What = SystemEvent | Exclude<ManualVerb, 'open'> | Deed | (typeof GATE_WORDS)[number];
const GATE_WORDS = [
  'alarm',
  'reader-ready',
  'reader-lost',
  'dropped',
  'flooded',
  'repeated',
  'command-rejected',
  're-opened',
  'journal-opened',
  'resend-from',
  'reload',
  'identify',
  'update',
  'stale',
  'passback',
  'at-start',
] as const;

const whats: Readonly<Record<What, Text>> = {
  started: text('门禁启动', 'the gate started'),
  stopping: text('门禁停止', 'the gate stopped'),
  'trust-changed': text('收到新的签名文件', 'new signed documents'),
  clock: text('时钟', 'clock'),
  'alarm-cleared': text('报警解除', 'alarm cleared'),
  'document-refused': text('拒收一份文件', 'a document was refused'),
  storage: text('存储', 'storage'),
  temperature: text('温度', 'temperature'),
  power: text('供电', 'power supply'),
  expiry: text('快到期', 'ends soon'),
  unrecorded: text('未能记录的扫码', 'scans that could not be recorded'),
  'desk-abuse': text('有人试探门卫台', 'somebody tried the guard’s desk'),
  drill: text('演练', 'drill'),
  'update-outcome': text('升级结果', 'outcome of an update'),
  hold: text('保持开门', 'held open'),
  'end-hold': text('结束保持开门', 'end of holding open'),
  'lock-down': text('封闭', 'lock-down'),
  release: text('解除', 'release'),
  undo: text('撤销', 'taken back'),
  'look-up': text('查人', 'look-up'),
  'sign-in': text('门卫登录', 'guard signed in'),
  'sign-out': text('门卫退出', 'guard signed out'),
  'shift-start': text('开始值班', 'shift began'),
  'shift-end': text('结束值班', 'shift ended'),
  acknowledge: text('确认报警', 'alarm acknowledged'),
  account: text('门卫账号', 'guard’s account'),
  'let-in': text('放行住户', 'let in'),
  visitor: text('访客', 'visitor'),
  delivery: text('送货', 'delivery'),
  emergency: text('紧急', 'emergency'),
  alarm: text('报警', 'alarm'),
  'reader-ready': text('读头就绪', 'reader ready'),
  'reader-lost': text('读头断开', 'reader lost'),
  dropped: text('读不出的扫码', 'scans that could not be taken'),
  flooded: text('大量误读', 'scans in a flood'),
  repeated: text('同样的拒绝', 'the same refusal again'),
  'command-rejected': text('指令不被采信', 'an order was not believed'),
  're-opened': text('没进门，再开一次', 'had not passed, opened again'),
  'journal-opened': text('新日志开始', 'a new journal began'),
  'resend-from': text('重传记录', 'rows sent again'),
  reload: text('重新取文件', 'documents fetched again'),
  identify: text('亮灯找机', 'identify'),
  update: text('升级', 'update'),
  stale: text('名单偏旧', 'lists were old'),
  passback: text('连续同向', 'same direction twice'),
  'at-start': text('启动时已如此', 'so at start'),
};

/** What a guard did at the desk itself; a name of ours may follow. */
const deskWords: Readonly<Record<string, Text>> = {
  desk: text('在门卫台', 'at the desk'),
  ended: text('本人', 'by themselves'),
  idle: text('久未操作', 'idle for long'),
  elsewhere: text('在别处登录', 'signed in elsewhere'),
  begin: text('启用账号', 'began an account'),
  'begin-first': text('启用第一个账号', 'began the first account'),
  secret: text('更换密码', 'changed the secret'),
  'open-guard': text('开门卫账号', 'opened a guard’s account'),
  'open-head': text('开班长账号', 'opened a head guard’s account'),
  invite: text('重发邀请', 'invited again'),
  disable: text('停用', 'disabled'),
};

/** What a gate says of its own machine. */
const machineWords: Readonly<Record<string, Text>> = {
  hot: text('过热', 'too hot'),
  undervoltage: text('电压偏低', 'too weak'),
  slow: text('存储卡很慢', 'the card is slow'),
  'in-order': text('恢复正常', 'in order again'),
};

const rejections: Readonly<Record<string, Text>> = {
  retained: text('消息被保留过', 'it was retained'),
  signature: text('签名不对', 'its signature'),
  gate: text('不是给本门禁的', 'not for this gate'),
  nonce: text('不属于本次连接', 'of another connection'),
  verb: text('不认识的指令', 'an unknown verb'),
  actor: text('操作人不对', 'who gave it'),
  expired: text('已过期', 'too old'),
  malformed: text('内容不完整', 'not complete'),
  counter: text('重复发送', 'sent before'),
  'too-long-lived': text('有效期过长', 'it lives too long'),
  lane: text('没有这个通道', 'no such lane'),
};

/** Of a drill: `drill:journal:passed`. */
const outcomes: Readonly<Record<string, Text>> = {
  begun: text('开始', 'begun'),
  passed: text('通过', 'passed'),
  failed: text('未通过', 'failed'),
  skipped: text('未做', 'not done'),
};

/** @param reason of a row, as its gate wrote it */
export function rowReason(reason: string): Text {
  const opened = /^journal-opened after ([0-9a-f]{8})[0-9a-f]* (\d+) /.exec(reason);
  if (opened !== null)
    return joined(
      whats['journal-opened'],
      text(`接在 ${opened[1]} 第 ${opened[2]} 条之后`, `after row ${opened[2]} of ${opened[1]}`),
    );
  if (/^[a-z-]+(,[a-z-]+)+$/.test(reason)) return listed(reason.split(',').map((each) => rowReason(each)));
  const at = reason.indexOf(':');
  const [what, detail] = at === -1 ? [reason, ''] : [reason.slice(0, at), reason.slice(at + 1)];
  const known = own(whats, what);
  if (known === undefined) return at === -1 ? (own(causes, reason) ?? reasonText(reason)) : plain(reason);
  return detail === '' ? known : joined(known, detailText(what, detail));
}

function detailText(what: string, detail: string): Text {
  if (what === 'clock') return changed(detail);
  if (what === 'alarm' || what === 'alarm-cleared') return own(alarms, detail) ?? plain(detail);
  if (what === 'command-rejected') return own(rejections, detail) ?? plain(detail);
  if (what === 'temperature' || what === 'power' || what === 'storage')
    return own(machineWords, detail) ?? plain(detail);
  if (what === 'drill') return drillText(detail);
  if (what === 'expiry') return expiryText(detail);
  if (what === 'update-outcome') return updateText(detail);
  if (what === 'update' && /^\d+$/.test(detail)) return fill(updates.release, { n: detail });
  if (/^\d+$/.test(detail)) return text(`${detail} 次`, detail);
  return listed(detail.split('/').map(partText));
}

function partText(part: string): Text {
  if (/^[2-9]$/.test(part)) return text(`${part} 人`, `${part} people`);
  const [first = '', ...rest] = part.split(' ');
  const named = own(deskWords, first);
  if (named !== undefined) return text([named['zh-CN'], ...rest].join(' '), [named.en, ...rest].join(' '));
  return own(causes, part) ?? own(doorEvents, part) ?? reasonText(part);
}

/** `synced to holdover` */
function changed(detail: string): Text {
  const [before = '', after = ''] = detail.split(' to ');
  const [from, to] = [own(clockQualities, before), own(clockQualities, after)];
  if (from === undefined || to === undefined) return plain(detail);
  return text(`由${from['zh-CN']}变为${to['zh-CN']}`, `from ${from.en} to ${to.en}`);
}

/** `keyset: 7 days` */
function expiryText(detail: string): Text {
  const [, name = '', count = '', unit = ''] = /^([a-z-]+): (\d+) (days?|hours?)$/.exec(detail) ?? [];
  if (name === '') return plain(detail);
  const document = documentName(name);
  return text(
    `${document['zh-CN']}，${count} ${unit.startsWith('day') ? '天' : '小时'}内`,
    `${document.en}, within ${count} ${unit}`,
  );
}

/** `what:outcome`; what was rehearsed is named as the guard’s banner names it, by its own word. */
function drillText(detail: string): Text {
  const [mode = '', outcome = ''] = detail.split(':');
  const known = own(outcomes, outcome) ?? plain(outcome);
  return outcome === '' ? drillMode(mode) : joined(drillMode(mode), known);
}

/** What can be rehearsed, by the gate’s word for it. */
const modes: Readonly<Record<string, Text>> = {
  uplink: text('网络断开', 'network gone'),
  clock: text('时钟不可靠', 'clock unsure'),
  'key-set': text('密钥集过期', 'key set expired'),
  journal: text('存储故障', 'storage fault'),
  reader: text('读头断开', 'reader lost'),
  relay: text('继电器开门', 'relay opens'),
  fire: text('消防开门', 'fire release'),
};

export function drillMode(mode: string): Text {
  return own(modes, mode) ?? plain(mode);
}

export function drillOutcome(outcome: string): { readonly name: Text; readonly isPassed: boolean } {
  return { name: own(outcomes, outcome) ?? plain(outcome), isPassed: outcome === 'passed' };
}

function own(words: Readonly<Record<string, Text>>, name: string): Text | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}

function joined(one: Text, other: Text): Text {
  return text(`${one['zh-CN']}：${other['zh-CN']}`, `${one.en}: ${other.en}`);
}

function listed(all: readonly Text[]): Text {
  return text(all.map((each) => each['zh-CN']).join('、'), all.map(({ en }) => en).join(', '));
}
