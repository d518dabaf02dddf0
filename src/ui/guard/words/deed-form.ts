import { text, type Text } from '../../kit/index.ts';

/** What a deed is asked with, and its answer told with. */

export const deedForm = {
  lane: text('通道', 'Lane'),
  allLanes: text('全部通道', 'All lanes'),
  who: text('放行', 'Who'),
  host: text('被访住户', 'Host'),
  nobodyNamed: text('没有指定住户', 'Nobody named'),
  people: text('几个人', 'How many'),
  party: text('一起进来的家人', 'Family who come along'),
  long: text('开门放长（轮椅、推车）', 'Longer opening (wheelchair, pram)'),
  holdOpen: text('门保持打开，直到结束', 'Keep the door open until ended'),
  second: text('第二人', 'Second guard'),
  secondNext: text('常开需要另一名当班人员在此确认。', 'Holding open needs a second guard to agree here.'),
  chooseReason: text('请按数字选原因', 'Choose a reason by its digit'),
  working: text('正在处理', 'Working'),
  tryAgain: text('再试一次', 'Try again'),
  cancel: text('取消', 'Cancel'),
  row: text('记录', 'row'),
  didNotEnter: text('没有进入，撤销', 'Did not enter: take back'),
  byMistake: text('按错了', 'By mistake'),
  lockWarning: text(
    '封闭后，扫码不再开门；火警和出门按钮照常。',
    'Codes no longer open; fire release and exit buttons still do.',
  ),
  emergencyNext: text('一个人就可以开，系统会立即上报。', 'One person may; it is reported at once.'),
} as const satisfies Readonly<Record<string, Text>>;
