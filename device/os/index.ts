/** What the operating system offers a service: being watched by systemd. */
export { type SystemdEnvironment, systemdSupervisor } from './systemd.ts';
