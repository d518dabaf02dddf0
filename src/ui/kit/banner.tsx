import type { ComponentChildren } from 'preact';

export type BannerLook = 'bad' | 'warn' | 'info';

interface BannerProps {
  readonly look: BannerLook;
  readonly title: string;
  /** What to do now. */
  readonly next?: string | undefined;
  readonly children?: ComponentChildren;
}

/** Something that is not as it should be: what it means, and what to do. The sign differs with the colour. */
export function Banner({ look, title, next, children }: BannerProps) {
  return (
    <div class={`banner banner-${look}`}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={SIGNS[look]} />
      </svg>
      <p>
        <strong>{title}</strong>
        {next !== undefined && <span>{next}</span>}
      </p>
      {children}
    </div>
  );
}

const SIGNS: Readonly<Record<BannerLook, string>> = {
  bad: 'M8 2h8l6 6v8l-6 6H8l-6-6V8ZM12 7v6M12 16.5v.5',
  warn: 'M12 3 22 20H2ZM12 9v5M12 17v.5',
  info: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20ZM12 11v6M12 7v.5',
};
