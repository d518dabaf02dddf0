import { type Deed, type DeedReason, uncounted } from '../../../wire/index.ts';
import { text, type Text } from '../../kit/index.ts';

/** What is said about the guard's deeds. */

interface DeedWords {
  readonly name: Text;
  /** What the dialog asks. */
  readonly ask: Text;
  readonly doIt: Text;
  readonly done: Text;
}

export const deeds: Readonly<Record<Deed, DeedWords>> = {
  'let-in': {
    name: text('放行', 'Let in'),
    ask: text('为什么放行？', 'Why let in?'),
    doIt: text('开门', 'Open'),
    done: text('已开门', 'Opened'),
  },
  visitor: {
    name: text('访客', 'Visitor'),
    ask: text('怎么确认的？', 'How was it confirmed?'),
    doIt: text('登记并开门', 'Register and open'),
    done: text('访客已登记，已开门', 'Visitor registered, opened'),
  },
  delivery: {
    name: text('快递 服务', 'Delivery'),
    ask: text('送什么，做什么？', 'What for?'),
    doIt: text('登记并开门', 'Register and open'),
    done: text('已登记，已开门', 'Registered, opened'),
  },
  emergency: {
    name: text('紧急', 'Emergency'),
    ask: text('什么情况？', 'What is it?'),
    doIt: text('立即开门', 'Open now'),
    done: text('已紧急开门，已上报', 'Opened for an emergency, and reported'),
  },
  hold: {
    name: text('常开', 'Hold open'),
    ask: text('为什么要常开？', 'Why hold it open?'),
    doIt: text('两人确认，常开', 'Both agree: hold open'),
    done: text('门保持打开', 'The door is held open'),
  },
  'end-hold': {
    name: text('结束常开', 'End holding'),
    ask: text('为什么结束？', 'Why end it?'),
    doIt: text('恢复正常', 'Back to normal'),
    done: text('门恢复正常', 'The door is back to normal'),
  },
  'lock-down': {
    name: text('封闭', 'Lock down'),
    ask: text('为什么封闭？', 'Why lock down?'),
    doIt: text('封闭', 'Lock down'),
    done: text('已封闭，不再自动放行', 'Locked down: nobody is let in by a code'),
  },
  release: {
    name: text('解除封闭', 'Release'),
    ask: text('为什么解除？', 'Why release?'),
    doIt: text('解除封闭', 'Release'),
    done: text('封闭已解除', 'The lock-down is over'),
  },
  undo: {
    name: text('撤销', 'Take back'),
    ask: text('为什么撤销？', 'Why take it back?'),
    doIt: text('撤销', 'Take back'),
    done: text('已撤销，码可以再用', 'Taken back; the code may be used again'),
  },
};

export const reasons: Readonly<Record<DeedReason, Text>> = {
  'no-phone': text('没带手机', 'No phone'),
  'phone-broken': text('手机坏了或没电', 'Phone broken or empty'),
  'code-refused': text('码刷不过，已核实', 'Code refused, checked'),
  'document-seen': text('看过证件', 'Document seen'),
  'known-resident': text('认识的住户', 'Known resident'),
  child: text('孩子', 'Child'),
  'with-family': text('和家人一起', 'With family'),
  'card-confirmed': text('纸卡已核对', 'Printed card checked'),
  'host-asked': text('住户来电或留言', 'The host asked'),
  'host-came': text('住户来接', 'The host came'),
  appointment: text('事先约好', 'By appointment'),
  parcel: text('快递', 'Parcel'),
  food: text('外卖', 'Food'),
  removal: text('搬家', 'Moving house'),
  repair: text('维修', 'Repair'),
  utility: text('水电燃气', 'Water, power, gas'),
  ambulance: text('救护车', 'Ambulance'),
  'fire-brigade': text('消防', 'Fire brigade'),
  police: text('警察', 'Police'),
  evacuation: text('疏散', 'Evacuation'),
  vehicle: text('车辆进出', 'Vehicle'),
  event: text('活动', 'Event'),
  crowd: text('人多拥挤', 'Crowd'),
  threat: text('有危险', 'Threat'),
  'police-order': text('警方要求', 'Police order'),
  drill: text('演练', 'Drill'),
  'gate-damage': text('门损坏', 'Gate damaged'),
  over: text('已经结束', 'It is over'),
  mistake: text('按错了', 'By mistake'),
  'did-not-enter': text('没有进入', 'Did not enter'),
};

/** A row's reason is the deed and its cause; one of an operator or a later version is shown as it is. */
export function reasonText(reason: string): Text {
  const cause = uncounted(reason).split(/[:/]/).at(-1) ?? reason;
  return (reasons as Readonly<Record<string, Text>>)[cause] ?? text(reason, reason);
}
