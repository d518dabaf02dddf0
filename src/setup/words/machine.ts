import type { Said } from './said.ts';

/** Configuration, the running gate, its folder, its clock, the machine. */
export const MACHINE_WORDS = {
  'config-good': { what: ['配置文件正确：{file}', 'The configuration is in order: {file}'] },
  'config-bad': {
    what: ['配置有误：{problem}', 'The configuration is wrong: {problem}'],
    why: ['门禁无法启动，其他项目也无法检查', 'The gate cannot start, and nothing else could be looked at'],
    todo: ['请按提示改正该行，再运行一次', 'Correct that line as it says, then run this again'],
  },
  'not-enrolled': {
    what: ['本门禁尚未登记', 'This gate is not enrolled yet'],
    why: ['没有所属区，不认任何通行码', 'It belongs to no district and believes no code'],
    todo: [
      '请打开设置页 /setup，或用读码器扫描区中心的登记码',
      'Open its set-up page /setup, or show the district’s enrolment symbol to its reader',
    ],
  },
  'gate-running': { what: ['门禁正在运行，一切正常', 'The gate is running and says that it is in order'] },
  'gate-stopped': {
    what: ['门禁没有运行', 'The gate is not running'],
    why: ['此时没有人读码', 'Nobody reads codes now'],
    todo: [
      '需要时请启动：systemctl start menwei-gate',
      'Start it when it should run: systemctl start menwei-gate',
    ],
  },
  'gate-silent': {
    what: ['门禁在运行，但没有应答', 'The gate is running, but does not answer'],
    why: ['它自己的状态无法核对', 'What it says of itself could not be asked'],
    todo: [
      '请用运行门禁的同一用户运行本命令；仍不应答，请重启门禁并查看日志',
      'Run this as the user that runs the gate; if it still does not answer, restart the gate and read its log',
    ],
  },
  'gate-says': {
    what: ['门禁报告：{problem}', 'The gate says: {problem}'],
    why: ['门禁运行中发现的问题', 'It noticed this while running'],
    todo: ['请看 docs/operations.md 的对照表', 'See the table in docs/operations.md'],
  },
  'gate-unchecked': {
    what: ['没能确认门禁是否在运行（{why}）', 'Whether the gate is running could not be told ({why})'],
    todo: ['请用运行门禁的同一用户再试', 'Try again as the user that runs the gate'],
  },
  'folder-good': {
    what: ['数据目录可用，只有本用户能读：{path}', 'The data folder works and is private: {path}'],
  },
  'folder-missing': {
    what: ['数据目录还没有：{path}', 'The data folder is not there yet: {path}'],
    why: ['首次启动时会建立', 'The first start makes it'],
    todo: ['请确认它在真实磁盘上', 'Make sure that it lies on a real disk'],
  },
  'folder-unreadable': {
    what: ['数据目录无法读取：{path}', 'The data folder cannot be read: {path}'],
    why: ['门禁无法启动', 'The gate cannot start'],
    todo: [
      '请检查路径和权限；它属于运行门禁的用户',
      'Check path and rights; it belongs to the user that runs the gate',
    ],
  },
  'folder-not-writable': {
    what: ['数据目录不能写入：{path}', 'The data folder cannot be written: {path}'],
    why: ['通行无法记录，门不会打开', 'Entries cannot be recorded, so no code opens'],
    todo: ['请改正目录的所有者：chown -R', 'Give the folder to the user that runs the gate: chown -R'],
  },
  'folder-open': {
    what: [
      '其他用户可以读数据目录（{mode}）：{path}',
      'Other users can read the data folder ({mode}): {path}',
    ],
    why: ['里面有密钥和住户信息', 'Keys and residents’ data lie in it'],
    todo: ['请运行 chmod 700 {path}', 'Run chmod 700 {path}'],
  },
  'folder-foreign': {
    what: ['数据目录属于另一个用户：{path}', 'The data folder belongs to another user: {path}'],
    why: ['这里看到的权限是您的，不是门禁的', 'The rights that were seen are yours, not those of the gate'],
    todo: ['请用运行门禁的用户再运行一次：sudo -u', 'Run this as the user that runs the gate: sudo -u'],
  },
  'folder-in-memory': {
    what: ['数据目录在内存盘上：{path}', 'The data folder lies in memory: {path}'],
    why: ['断电后通行记录全部丢失', 'All entries are lost with the power'],
    todo: ['请把 dataDir 改到真实磁盘', 'Move dataDir to a real disk'],
  },
  'folder-on-network': {
    what: ['数据目录在网络磁盘上：{path}', 'The data folder lies on a network disk: {path}'],
    why: [
      '断网时无法记录，文件锁也不可靠',
      'Without network nothing is recorded, and locks do not hold there',
    ],
    todo: ['请把 dataDir 改到本机磁盘', 'Move dataDir to a disk of this machine'],
  },
  'disk-good': { what: ['磁盘空间充足：{free} / {total}', 'The disk has room: {free} of {total} free'] },
  'disk-low': {
    what: ['磁盘快满了：剩余 {free}', 'The disk is almost full: {free} left'],
    why: ['写满后通行码将不能开门', 'Once it is full, codes open nothing'],
    todo: ['请清理磁盘或更换更大的卡', 'Free some space, or fit a larger card'],
  },
  'disk-full': {
    what: ['磁盘已满：剩余 {free}', 'The disk is full: {free} left'],
    why: [
      '通行码不能开门，只留少量空间给门卫开门',
      'Codes open nothing; a little is kept for the guard’s openings',
    ],
    todo: ['请立即清理磁盘', 'Free some space now'],
  },
  'folder-unchecked': {
    what: ['没能检查磁盘空间（{why}）', 'The disk’s room could not be looked at ({why})'],
    todo: ['请手动运行 df -h', 'Look yourself: df -h'],
  },
  'clock-before-build': {
    what: [
      '本机时间早于本软件的制作日期',
      'This machine’s clock stands before the day this software was made',
    ],
    why: ['通行码会被判为“未到时间”', 'Codes are then judged by a wrong time'],
    todo: ['请联网对时，或更换时钟电池', 'Connect it to a time server, or fit a new clock battery'],
  },
  'clock-sure': {
    what: [
      '门禁时间可信（{quality}，误差约 {error} 秒）',
      'The gate is sure of its time ({quality}, within {error} s)',
    ],
  },
  'clock-unsure': {
    what: ['门禁时间尚未得到证明', 'The gate is not sure of its time'],
    why: ['动态通行码需门卫确认', 'The guard must confirm dynamic codes'],
    todo: ['请接通区中心，或装上时钟电池', 'Connect the gate to its district, or fit a battery clock'],
  },
  'clock-battery': { what: ['有时钟电池', 'A battery keeps the clock without power'] },
  'clock-no-battery': {
    what: ['没有时钟电池', 'No battery keeps the clock'],
    why: [
      '断电重启后，联网前门卫要确认通行码',
      'After a power cut the guard confirms codes until the district was heard',
    ],
    todo: [
      '建议加装 RTC 电池模块，或更换其电池',
      'A clock module with a battery helps, or a new battery in the one it has',
    ],
  },
  'clock-synchronised': {
    what: ['系统时间已对时（{source}）', 'The machine’s clock is synchronised ({source})'],
  },
  'clock-not-synchronised': {
    what: ['系统时间没有对时', 'The machine’s clock is not synchronised'],
    why: ['时间会慢慢走偏', 'It will drift away'],
    todo: [
      '请在设置页“网络”里检查时间服务器；命令：chronyc sources 或 timedatectl timesync-status',
      'Look at the time server in the step “Network” of /setup, or by chronyc sources or timedatectl timesync-status',
    ],
  },
  'clock-unchecked': {
    what: ['没能检查时钟（{why}）', 'The clock could not be looked at in full ({why})'],
    todo: ['请手动运行 timedatectl', 'Look yourself: timedatectl'],
  },
  'temperature-good': { what: ['温度正常：{celsius} °C', 'The temperature is good: {celsius} °C'] },
  'temperature-high': {
    what: ['温度过高：{celsius} °C', 'It is too hot: {celsius} °C'],
    why: ['处理器会降速，读码变慢', 'The processor slows down, and so do codes'],
    todo: ['请改善通风，避免日晒', 'Give it air, and keep the sun off'],
  },
  'temperature-none': { what: ['本机没有温度传感器', 'This machine has no thermometer'] },
  'power-good': { what: ['供电电压正常', 'The power supply is strong enough'] },
  'power-low': {
    what: ['供电电压偏低', 'The power supply is too weak'],
    why: ['主机可能突然断电，存储卡会因此损坏', 'The machine may go off at any time, and cards die of it'],
    todo: ['请更换电源和电源线', 'Replace the supply and its cable'],
  },
  'power-untold': {
    what: ['系统内核不报告这块主板的供电电压', 'The kernel does not tell this board’s supply voltage'],
    why: ['电源太弱时不会有提示', 'Nobody is told when the supply is too weak'],
    todo: ['请使用原厂电源和短而粗的电源线', 'Use the board’s own supply, with a short, thick cable'],
  },
  'memory-good': { what: ['内存充足：剩余 {free} / {total}', 'There is memory: {free} of {total} free'] },
  'memory-low': {
    what: ['内存不足：剩余 {free}', 'Memory is short: {free} left'],
    why: ['门禁可能被系统终止', 'The system may end the gate'],
    todo: ['请关闭其他程序', 'End other programs'],
  },
  'machine-unchecked': {
    what: ['没能检查内存（{why}）', 'Memory could not be looked at ({why})'],
    todo: ['请手动运行 free -h', 'Look yourself: free -h'],
  },
} as const satisfies Readonly<Record<string, Said>>;
