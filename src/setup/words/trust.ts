import type { Said } from './said.ts';

/** What the gate believes and has recorded, and who it talks to. */
export const TRUST_WORDS = {
  'trust-good': {
    what: [
      '信任文件齐全、有效（{documents} 份）',
      'The trust documents are there and in force ({documents})',
    ],
  },
  'trust-document': { what: ['第 {version} 版，{age} 前签发', 'Version {version}, issued {age} ago'] },
  'trust-flagged': {
    what: ['信任文件偏旧：{because}', 'Documents are getting old: {because}'],
    why: ['通行码照常，但吊销可能晚到', 'Codes go on, but a revocation may not have arrived'],
    todo: [
      '请检查网络，或导入离线包：menwei trust import',
      'Check the network, or bring a bundle: menwei trust import',
    ],
  },
  'trust-guard': {
    what: ['信任文件过旧：{because}', 'Documents are too old: {because}'],
    why: ['每个通行码都要门卫确认', 'The guard must confirm each code'],
    todo: [
      '请检查网络，或导入离线包：menwei trust import',
      'Check the network, or bring a bundle: menwei trust import',
    ],
  },
  'trust-none': {
    what: ['没有有效的签发密钥：{because}', 'No key set is in force: {because}'],
    why: ['任何通行码都不能开门', 'No code opens by itself'],
    todo: [
      '请接通区中心，或导入离线包：menwei trust import',
      'Connect the gate, or bring a bundle: menwei trust import',
    ],
  },
  'trust-expiring': {
    what: ['即将到期（不足 {step} {unit}）', 'It ends within {step} {unit}'],
    why: ['到期后通行码会降级或停用', 'After that codes count for less, or not at all'],
    todo: ['请联系区中心更新', 'Ask the district to renew it'],
  },
  'trust-damaged': {
    what: ['文件损坏或缺失：{what}', 'Damaged or missing: {what}'],
    why: ['正在使用上一份', 'The copy before it holds'],
    todo: ['请导入新的离线包：menwei trust import', 'Bring a new bundle: menwei trust import'],
  },
  'trust-unchecked': {
    what: ['没能检查信任文件（{why}）', 'The trust documents could not be looked at ({why})'],
    todo: ['请用运行门禁的同一用户再试', 'Try again as the user that runs the gate'],
  },
  'journal-none': { what: ['还没有通行日志', 'There is no journal yet'] },
  'journal-whole': { what: ['通行日志完整，共 {rows} 行', 'The journal is whole, {rows} rows'] },
  'journal-damaged': {
    what: ['通行日志损坏：{detail}', 'The journal is damaged: {detail}'],
    why: ['门禁启动后会另建新日志，旧的保留为证据', 'The gate will set it aside, keep it, and begin another'],
    todo: ['请保留文件并更换存储卡', 'Keep the file, and replace the card'],
  },
  'journal-set-aside': {
    what: ['有 {files} 份损坏的旧日志', '{files} damaged journals were set aside'],
    why: ['存储卡可能快坏了', 'The card may be failing'],
    todo: ['请备份后更换存储卡', 'Save them, and replace the card'],
  },
  'journal-unchecked': {
    what: ['没能检查通行日志（{why}）', 'The journal could not be looked at ({why})'],
    todo: ['请手动运行 menwei journal verify', 'Look yourself: menwei journal verify'],
  },
  'broker-none': {
    what: ['没有设置消息服务器', 'No broker is named'],
    why: [
      '本门禁独立运行，不上报，也不共享已用的码',
      'The gate stands alone: nothing is reported, no used code is shared',
    ],
    todo: ['需要上报时请登记到区中心', 'Enrol it with a district if it should report'],
  },
  'broker-plain': {
    what: ['到消息服务器的连接没有加密：{address}', 'The way to the broker is not encrypted: {address}'],
    why: ['密码和通行记录会被窃听', 'Passwords and entries can be overheard'],
    todo: ['请改用 mqtts://', 'Use mqtts://'],
  },
  'broker-reached': { what: ['消息服务器可达：{address}', 'The broker can be reached: {address}'] },
  'broker-refused': {
    what: ['消息服务器拒绝连接：{address}', 'The broker refuses connections: {address}'],
    why: ['上报在日志里等待，门照常开', 'Reports wait in the journal; the door goes on'],
    todo: ['请检查端口，并确认服务器在运行', 'Check the port, and that the broker runs'],
  },
  'broker-no-name': {
    what: ['找不到消息服务器的名称：{address}', 'The broker’s name is not known: {address}'],
    why: ['上报在日志里等待，门照常开', 'Reports wait in the journal; the door goes on'],
    todo: ['请检查域名服务器（DNS）和拼写', 'Check the name server (DNS) and the spelling'],
  },
  'broker-no-answer': {
    what: ['消息服务器没有应答：{address}', 'The broker does not answer: {address}'],
    why: ['上报在日志里等待，门照常开', 'Reports wait in the journal; the door goes on'],
    todo: ['请检查网线、网络和防火墙', 'Check cable, network and firewall'],
  },
  'broker-untrusted': {
    what: ['消息服务器的证书不可信：{address}', 'The broker’s certificate is not believed: {address}'],
    why: ['可能不是真的服务器，门禁不会连接', 'It may be another machine; the gate does not connect'],
    todo: ['请核对证书和本机时间', 'Check the certificate, and this machine’s clock'],
  },
  'broker-unchecked': {
    what: ['没能检查消息服务器（{why}）', 'The broker could not be looked at ({why})'],
    todo: ['请稍后再试', 'Try again later'],
  },
  'certificate-good': { what: ['本机证书有效至 {until}', 'This gate’s certificate is good until {until}'] },
  'certificate-due': {
    what: [
      '本机证书将于 {until} 到期，还没有更新',
      'This gate’s certificate ends on {until} and was not renewed yet',
    ],
    why: ['到期后无法上报', 'After that nothing is reported'],
    todo: ['请检查与区中心的连接，更新是自动的', 'Check the way to the district; it is renewed by itself'],
  },
  'certificate-expired': {
    what: ['本机证书已于 {until} 到期', 'This gate’s certificate ended on {until}'],
    why: ['消息服务器不再接受本机', 'The broker takes this gate no more'],
    todo: [
      '请检查区中心地址和本机时间；仍不行，请重新登记',
      'Check the district’s address and the clock; else enrol it anew',
    ],
  },
  'certificate-early': {
    what: ['本机证书从 {from} 才生效', 'This gate’s certificate begins on {from}'],
    why: ['本机时间可能不对', 'This machine’s clock may be wrong'],
    todo: ['请校准时间', 'Set the clock right'],
  },
  'certificate-unreadable': {
    what: ['本机证书无法读取（{why}）', 'This gate’s certificate cannot be read ({why})'],
    why: ['无法连接消息服务器', 'The gate cannot reach its broker'],
    todo: ['请从备份恢复 keys/，或重新登记', 'Restore keys/ from a backup, or enrol it anew'],
  },
  'district-heard': { what: ['{age} 前收到区中心的消息', 'The district was heard {age} ago'] },
  'district-late': {
    what: ['已断开；上次收到区中心的消息：{age} 前', 'Not connected; the district was last heard {age} ago'],
    why: ['新的吊销和名单到不了', 'New revocations and lists do not arrive'],
    todo: ['请检查网络和区中心', 'Check the network and the district'],
  },
  'district-never': {
    what: ['从未收到区中心的消息', 'The district was never heard'],
    why: ['名单和时间都没有到', 'Neither lists nor time have arrived'],
    todo: [
      '请检查网络，并在控制台核对指纹后确认本机',
      'Check the network, and confirm this gate at the console',
    ],
  },
  'district-unchecked': {
    what: [
      '没能检查与区中心的往来（{why}）',
      'What is exchanged with the district could not be looked at ({why})',
    ],
    todo: ['请在门禁运行时再试', 'Try again while the gate runs'],
  },
  'all-sent': { what: ['所有记录都已送达', 'All rows have arrived at the district'] },
  unsent: {
    what: ['{rows} 行记录等待上报', '{rows} rows wait to be sent'],
    why: ['接通后会自动补报，不会丢失', 'They are sent by themselves later; nothing is lost'],
    todo: ['请检查与区中心的连接', 'Check the way to the district'],
  },
} as const satisfies Readonly<Record<string, Said>>;
