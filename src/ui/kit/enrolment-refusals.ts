import type { EnrolmentRefusal } from '../../wire/index.ts';
import { type Text, text } from './language.ts';

/** Why a symbol did not enrol a gate, and what to do: on its display and on its set-up page. */
export const enrolmentRefusals: Readonly<Record<EnrolmentRefusal, Text>> = {
  'other-code': text(
    '这不是登记码。本门禁尚未登记，不能读通行码；请出示控制台上的登记码',
    'That was no enrolment symbol. This gate is not enrolled yet and reads no codes: show the console’s symbol',
  ),
  'plain-text': text(
    '登记码里的地址没有加密。请让管理员把 http.publicUrl 设为 https 地址',
    'The symbol’s address is not encrypted. Ask the administrator to set http.publicUrl to an https address',
  ),
  'no-answer': text(
    '区中心没有应答。请检查网线、网络和证书，再扫一次',
    'The district does not answer. Check cable, network and certificate, then scan again',
  ),
  'not-that-district': text(
    '应答的不是登记码所指的区中心。请核对地址，再生成一个登记码',
    'What answered is not the district of this symbol. Check the address and make a new symbol',
  ),
  expired: text(
    '登记码已用过，或超过十分钟。请在控制台重新生成',
    'This symbol was used, or is older than ten minutes. Make a new one at the console',
  ),
  busy: text('尝试太多。请等一分钟再扫', 'Too many attempts. Wait a minute, then scan again'),
  'other-life': text(
    '这台设备已登记为另一个门禁，或已报失。请先在控制台停用，再重置本机',
    'This machine is enrolled under another name, or was reported stolen. Retire it at the console, then reset it',
  ),
  differs: text(
    '配置文件里的名称与登记码不一致。请改正配置，再生成一个登记码',
    'The configuration names another gate than the symbol. Correct it, then make a new symbol',
  ),
  district: text(
    '区中心没有接受登记。请看控制台上的说明，再生成一个登记码',
    'The district did not take the enrolment. See the console, then make a new symbol',
  ),
  'set-up': text(
    '本机的设置有误。请查看日志，改正后再扫',
    'This machine is not set up right. See its log, correct it, then scan again',
  ),
  fault: text(
    '本机出错，没有登记。请查看日志，再扫一次',
    'A fault of this machine. See its log, then scan again',
  ),
};
