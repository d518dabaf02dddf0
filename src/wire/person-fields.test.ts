import { describe, expect, test } from 'vitest';
import { checkName, checkPhone, checkPlate, checkRoom } from './person-fields.ts';
import {
  documentLookup,
  lastSixLookup,
  nameLookup,
  phoneLookup,
  pinyinLookups,
  roomLookup,
  typedPinyinLookups,
} from './person-lookups.ts';
import { maskedName, maskedNumber, maskedPhone } from './person-masks.ts';

describe('fields about a person', () => {
  test.each([
    [' 测试甲 ', '测试甲'],
    ['测试•甲乙', '测试·甲乙'],
    ["Jane  O'Test-Case", "Jane O'Test-Case"],
  ])('the name %s is taken as %s', (text, name) => {
    expect(checkName(text)).toEqual({ ok: true, value: name });
  });

  test.each([
    ['', 'name-empty'],
    ['甲'.repeat(51), 'name-long'],
    ['=cmd()', 'name-characters'],
    ['甲1', 'name-characters'],
    ['甲\u0000乙', 'name-characters'],
  ])('the name %j is refused as %s', (text, problem) => {
    expect(checkName(text)).toEqual({ ok: false, error: problem });
  });

  test.each([
    ['154 0000 0001', '+8615400000001'],
    ['+86 154-0000-0001', '+8615400000001'],
    ['8615400000001', '+8615400000001'],
    ['00852 5000 0001', '+85250000001'],
    ['+853 60000001', '+85360000001'],
    ['+886 0900000001', '+886900000001'],
    ['+1 (555) 010-0001', '+15550100001'],
  ])('the number %s is taken as %s', (text, phone) => {
    expect(checkPhone(text)).toEqual({ ok: true, value: phone });
  });

  test.each([
    ['12400000001', 'phone-mainland'],
    ['1540000001', 'phone-mainland'],
    ['+86 10 0000 0000', 'phone-mainland'],
    ['+852 1000 0001', 'phone-shape'],
    ['+0123456789', 'phone-shape'],
    ['+1555x100001', 'phone-shape'],
  ])('the number %s is refused as %s', (text, problem) => {
    expect(checkPhone(text)).toEqual({ ok: false, error: problem });
  });

  test.each(['陕A00001', '陕a·0000挂', '陕AD00001', '陕A00001F', '京A0000警', '使000001', '粤Z0000港'])(
    'the plate %s is taken',
    (text) => expect(checkPlate(text).ok).toBe(true),
  );

  test.each(['陕A0000', '陕AO0001', '陕I00001', 'AA00001', '陕A000011', ''])(
    'the plate %j is refused',
    (text) => expect(checkPlate(text)).toEqual({ ok: false, error: 'plate-shape' }),
  );

  test.each([
    ['8-2-2702', '8-2-2702'],
    ['8栋2单元2702室', '8-2-2702'],
    ['８号楼２单元２７０２号', '8-2-2702'],
    ['8号楼2702', '8-2702'],
    ['a-1-101', 'A-1-101'],
  ])('the room %s is %s', (text, room) => {
    expect(checkRoom(text)).toMatchObject({ ok: true, value: { text: room } });
  });

  test.each(['2702', '8-2-27-02', '=1-2-3', '', '8--'])('the room %j is refused', (text) =>
    expect(checkRoom(text)).toEqual({ ok: false, error: 'room-shape' }),
  );
});

describe('what is looked up', () => {
  test('the same person is found however the clerk types', () => {
    expect(documentLookup('34052419800101001x ')).toBe('document:34052419800101001X');
    expect(lastSixLookup('01001x', '1980-01-01')).toBe('last-six:01001X:1980-01-01');
    expect(phoneLookup('154-0000-0001')).toBe(phoneLookup('+86 15400000001'));
    expect(roomLookup('8栋2单元2702')).toBe('room:8-2-2702');
    expect(nameLookup('测试·甲')).toBe(nameLookup('测试 甲'));
  });

  test('pinyin is found whole and by its initials', () => {
    expect(pinyinLookups(['lǚ', 'sān'])).toEqual(['pinyin:lvsan', 'initials:ls']);
    expect(typedPinyinLookups('Lü San')).toEqual(['pinyin:lvsan', 'initials:lvsan']);
    expect(pinyinLookups([])).toEqual([]);
  });
});

describe('masks', () => {
  test('never show more than they promise', () => {
    expect(maskedName('测试甲')).toBe('测*');
    expect(maskedNumber('34052419800101001X')).toBe('340***********001X');
    expect(maskedNumber('E12345678')).toBe('E*****678');
    expect(maskedNumber('12345678')).toBe('1*****78');
    expect(maskedPhone('+8615400000001')).toBe('154****0001');
    expect(maskedPhone('+85250000001')).toBe('+85****001');
  });
});
