/** Why a connection to a broker did not come about, for whoever reads the log: what is wrong, and where to look. */
export function whyNoBroker(code: string): string {
  return (
    WORDS[code] ??
    (CERTIFICATE.test(code) ? UNTRUSTED : 'the connection failed; look at the broker’s own log')
  );
}

const STRANGER = 'the broker refuses this user name and password; compare them with what the broker has';
const BARRED = 'the broker lets this user in no more, or not yet; look at its access rules';
const CLIENT_ID = 'the broker refuses the client id; is another machine connected under this name?';
const VERSION = 'the broker speaks another version of MQTT; look at protocolVersion';
const BUSY = 'the broker is there and takes nobody now; it is tried again';
const UNTRUSTED =
  'the broker’s certificate is not trusted here, or names another host; look at tls.authority';

/** Reasons of a CONNACK: MQTT 3.1.1, 3.2.2.3, and MQTT 5, 3.2.2.2; system errors by their names. */
const WORDS: Readonly<Record<string, string>> = {
  '1': VERSION,
  '132': VERSION,
  '2': CLIENT_ID,
  '133': CLIENT_ID,
  '3': BUSY,
  '136': BUSY,
  '137': BUSY,
  '4': STRANGER,
  '134': STRANGER,
  '5': BARRED,
  '135': BARRED,
  '138': BARRED,
  ECONNREFUSED: 'nobody listens at the broker’s address; is it running, is the port right?',
  ECONNRESET: 'the broker closed the connection; does it want TLS, or a certificate?',
  ENOTFOUND: 'the broker’s name is not known; look at its address and at this machine’s name service',
  EAI_AGAIN: 'this machine’s name service does not answer',
  ETIMEDOUT: 'the broker does not answer; look at the network in between',
  EHOSTUNREACH: 'there is no way to the broker; look at the network in between',
};

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME|ERR_TLS|ERR_SSL/;
