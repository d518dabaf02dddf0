import { Both, text } from '../kit/index.ts';

const WRONG_ADDRESS = text(
  '地址里没有通道。请打开 /display/通道编号，例如 /display/main-in',
  'This address names no lane. Open /display/ and the lane, for example /display/main-in',
);

/** For the installer who left the lane out. */
export function NoLane() {
  return (
    <main class="closed">
      <p class="sentence">
        <Both say={WRONG_ADDRESS} language="zh-CN" />
      </p>
    </main>
  );
}
