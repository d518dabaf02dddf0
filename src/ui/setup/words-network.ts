import type { SetupNetwork } from '../../wire/index.ts';
import { type Text, text } from '../kit/index.ts';

/** What the set-up page says of the network, of a proxy and of the time. */

export const network = {
  title: text('网络', 'Network'),
  name: text('主机名', 'Name'),
  links: text('网口', 'Links'),
  up: text('已连接', 'up'),
  down: text('未连接', 'down'),
  noAddress: text('没有地址', 'no address'),
  nameServers: text('域名服务器', 'Name servers'),
  none: text('无', 'none'),
  byHand: text(
    '本机没有 NetworkManager：请用 nmtui，或编辑 /etc/network/interfaces 更改网络',
    'NetworkManager is not on this machine: change the network with nmtui or in /etc/network/interfaces',
  ),
  wifi: text('加入 Wi-Fi', 'Join a Wi-Fi'),
  ssid: text('网络名称', 'Network name'),
  password: text('密码', 'Password'),
  join: text('加入', 'Join'),
  joined: text('已加入', 'Joined'),
  address: text('地址', 'Address'),
  automatic: text('自动获取', 'Automatic'),
  fixed: text('固定地址', 'Fixed'),
  device: text('网口', 'Link'),
  ip: text('IPv4 地址', 'IPv4 address'),
  prefix: text('前缀长度', 'Prefix length'),
  gateway: text('网关', 'Router'),
  nameServer: text('域名服务器', 'Name server'),
  apply: text('应用', 'Apply'),
  moves: text(
    '更改后，本页可能要在新地址重新打开',
    'Afterwards this page may have to be opened at the new address',
  ),
} as const satisfies Readonly<Record<string, Text>>;

/** What to write into a field that the gate did not take, by the field's name in src/wire/setup-http.ts. */
export const remedies: Readonly<Record<string, Text>> = {
  url: text(
    '代理地址：请写成 http://主机:端口，例如 http://proxy.example:3128',
    'Proxy address: write http://HOST:PORT, for example http://proxy.example:3128',
  ),
  direct: text(
    '不经过代理的主机：请写主机名，例如 district.example，多个用逗号分开；.example 表示其下所有主机',
    'Hosts reached without it: write host names, for example district.example, with commas between several; .example is every host below',
  ),
  username: text(
    '用户名：请写 1 至 128 个字符，不含冒号',
    'User name: write 1 to 128 characters without a colon',
  ),
  password: text(
    '密码：无线网络为 8 至 63 个字符；代理最多 256 个字符',
    'Password: 8 to 63 characters for a Wi-Fi, 256 at most for a proxy',
  ),
  ssid: text('网络名称：请写 1 至 32 个字符', 'Network name: write 1 to 32 characters'),
  address: text(
    '地址：请写四个数，用点分开，例如 192.168.1.20',
    'Address: write four numbers with dots, for example 192.168.1.20',
  ),
  prefix: text(
    '前缀长度：请写 8 至 30，家用网络通常为 24',
    'Prefix length: write 8 to 30; most small networks have 24',
  ),
  gateway: text(
    '网关：请写四个数，用点分开，例如 192.168.1.1',
    'Router: write four numbers with dots, for example 192.168.1.1',
  ),
  nameServer: text(
    '域名服务器：请写四个数，用点分开，例如 192.168.1.1',
    'Name server: write four numbers with dots, for example 192.168.1.1',
  ),
  server: text(
    '时间服务器：请写主机名或地址，例如 ntp.example',
    'Time server: write a host name or an address, for example ntp.example',
  ),
};

export const proxy = {
  title: text('代理', 'Proxy'),
  through: text(
    '经过代理：登记、证书更新和软件更新（HTTPS）。',
    'Through it go enrolment, the certificate and updates (HTTPS).',
  ),
  past: text(
    '不经过代理：对时，以及到消息服务器的连接（MQTT，TCP，常用端口 8883）。请网络管理员放行此端口',
    'Past it go the time, and the connection to the broker (MQTT over TCP, usually port 8883). Ask whoever runs the network to let it through',
  ),
  end: text('。', '.'),
  ofEnvironment: text(
    '正在使用的代理来自服务的环境变量 https_proxy；在此保存的代理优先',
    'The one in use comes from the service’s environment (https_proxy); one that is saved here goes before it',
  ),
  none: text('不使用', 'None'),
  use: text('使用代理', 'Use a proxy'),
  address: text('代理地址', 'Proxy address'),
  addressHint: text('例如 http://proxy.example:3128', 'For example http://proxy.example:3128'),
  direct: text('不经过代理的主机', 'Hosts reached without it'),
  directHint: text(
    '没有可留空；多个用逗号分开。例如内网的区中心',
    'Leave empty if there are none; commas between several. For example a district on the same network',
  ),
  username: text('用户名', 'User name'),
  password: text('密码', 'Password'),
  optional: text('没有可留空', 'Leave empty if there is none'),
  kept: text('已保存，不显示；留空则不变', 'Saved, and not shown; leave it empty to keep it'),
  saved: text('已保存，立即生效', 'Saved; it holds at once'),
} as const satisfies Readonly<Record<string, Text>>;

const timeByHand: Readonly<Record<SetupNetwork['timeServer']['service'], Text>> = {
  chrony: text(
    '请在主机上设置：在 /etc/chrony/sources.d/site.sources 里写一行 “server 服务器名 iburst”，然后运行 chronyc reload sources',
    'Set it on the machine: write the line “server NAME iburst” into /etc/chrony/sources.d/site.sources, then run chronyc reload sources',
  ),
  timesyncd: text(
    '请在主机上设置：在 /etc/systemd/timesyncd.conf 里写 “NTP=服务器名”，然后运行 systemctl restart systemd-timesyncd',
    'Set it on the machine: write “NTP=NAME” into /etc/systemd/timesyncd.conf, then run systemctl restart systemd-timesyncd',
  ),
  none: text(
    '本机没有对时服务，时间会走偏。请在主机上安装：apt install chrony',
    'No time service runs on this machine, so its clock will drift. Install one: apt install chrony',
  ),
};

export const time = {
  title: text('对时', 'Time'),
  clock: text('时钟', 'Clock'),
  synchronised: text('已对时', 'synchronised'),
  notSynchronised: text('没有对时', 'not synchronised'),
  follows: text('正在跟随', 'Follows'),
  nobody: text('还没有服务器应答', 'no server has answered yet'),
  set: text('已设置', 'Set here'),
  awaited: text('还没有应答', 'has not answered yet'),
  byHand: timeByHand,
  usual: text('默认服务器', 'The usual servers'),
  own: text('指定服务器', 'A server of your own'),
  server: text('时间服务器', 'Time server'),
  serverHint: text('名称或地址，例如 ntp.example', 'Its name or address, for example ntp.example'),
  nts: text('服务器支持 NTS（有认证，更安全）', 'It speaks NTS (it proves itself, which is safer)'),
  mustProve: text(
    '必须支持 NTS：本门禁相信主机的时间',
    'It must speak NTS, because this gate believes its machine’s time',
  ),
  saved: text('已保存；服务器应答后即跟随', 'Saved; it is followed as soon as it answers'),
} as const satisfies Readonly<Record<string, Text | typeof timeByHand>>;
