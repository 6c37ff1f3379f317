/** Why a connection to PostgreSQL failed, broke or was refused: each with its cause and the way out. */
export const connectionTexts = {
  noRow: 'The database answered an aggregate without a row.',
  refused: 'Nothing listens at {{place}}: the connection was refused.',
  refusedHint:
    'Start the server, or correct host and port. A server that listens on its own machine only is not reached from here.',
  unknownHost: 'The host name “{{host}}” is unknown.',
  unknownHostHint: 'Check the spelling. A name of a company network may need the VPN.',
  lookupFailed: 'The host name “{{host}}” could not be looked up: the name service did not answer.',
  lookupFailedHint: 'Check the network connection and try again, or give the server’s address.',
  unreachable: '{{place}} cannot be reached: this machine knows no way there.',
  unreachableHint: 'Check the network connection, the VPN and the address.',
  dropped: '{{place}} did not answer within {{seconds}} s: the packets are lost on the way.',
  droppedHint:
    'Usually a firewall drops them silently. Check the address, and that the port is open for this machine.',
  reset: '{{place}} closed the connection before it was made.',
  resetHint:
    'A firewall, a tunnel without a server behind it or a server that is stopping does that. Try again, then check the way there.',
  noSocket: 'There is no server socket for port {{port}} in {{folder}}.',
  noSocketHint:
    'Start the server, or choose the folder that its unix_socket_directories names. The port is part of the socket’s name.',
  socketForbidden: 'The server socket in {{folder}} may not be opened by this account.',
  socketForbiddenHint: 'Ask for the right (unix_socket_permissions, unix_socket_group), or connect over TCP.',
  silent: '{{place}} takes connections and says nothing: PostgreSQL did not answer within {{seconds}} s.',
  silentHint:
    'It may be another program, a tunnel without a server behind it, or a server that hangs. Check the port, then the server’s log.',
  notPostgres: 'There is no PostgreSQL at {{place}}: {{what}} answered.',
  notPostgresHint: 'Check the port. PostgreSQL’s is usually 5432.',
  programs: {
    http: 'a web server (HTTP)',
    redis: 'a Redis server',
    mysql: 'a MySQL or MariaDB server',
    ssh: 'an SSH server',
    tls: 'a server that speaks TLS only',
    other: 'another program',
  },
  wrongPassword: 'The password for the user “{{user}}” is wrong.',
  wrongPasswordHint:
    'Type it again. PostgreSQL says the same where the user does not exist or the password has expired.',
  passwordNeeded: 'The server asks for the password of the user “{{user}}”.',
  passwordNeededHint: 'Enter the password for this server.',
  noRole: 'The server has no user “{{user}}”.',
  noRoleHint: 'Check the user name; upper and lower case count. A role without LOGIN cannot sign in either.',
  noDatabase: 'The server has no database “{{database}}”.',
  noDatabaseHint: 'Check the name; upper and lower case count. Or create it with CREATE DATABASE.',
  refusedUnencrypted:
    'The server’s pg_hba.conf does not let the user “{{user}}” into “{{database}}” from here without TLS.',
  refusedUnencryptedHint:
    'Choose the TLS mode verify-full (with the CA file), or ask for an entry for this machine.',
  refusedEncrypted:
    'The server’s pg_hba.conf has no entry that lets the user “{{user}}” into “{{database}}” from here over TLS.',
  refusedEncryptedHint: 'Ask whoever runs the server for an entry for this machine, user and database.',
  refusedSocket: 'The server’s pg_hba.conf does not let this account in as “{{user}}” over the socket.',
  refusedSocketHint:
    'Over a socket it usually wants the user of the same name (peer). Use that name, or connect over TCP.',
  clientCertificateMissing: 'The server asks for a client certificate, and none was sent.',
  clientCertificateMissingHint: 'Choose the certificate and key that whoever runs the server gave you.',
  clientCertificateRefused: 'The server does not accept the client certificate: {{said}}.',
  clientCertificateRefusedHint:
    'Choose the certificate and key that this server’s authority issued for the user “{{user}}”.',
  clientCertificateOfOther: 'The client certificate is not the one of the user “{{user}}”.',
  clientCertificateOfOtherHint:
    'Sign in as the user that it names (its CN), or choose that user’s certificate.',
  signInRefused: 'The server refused the sign-in: {{said}}.',
  signInRefusedHint: 'Check user name and password.',
  signIn: {
    clearTextRefused:
      'The server asks for the password in clear text, and nobody verified that it is the right server. No password was sent.',
    clearTextRefusedHint:
      'Use the TLS mode verify-full, which checks who answers, or let whoever runs the server change its pg_hba.conf to scram-sha-256 (LDAP, PAM and RADIUS always ask in clear text). If you accept that whoever answers here gets the password, tick “Allow weak sign-in” for this workspace.',
    md5Refused:
      'The server asks for the password as MD5, from which it can be found out, and nobody verified that it is the right server. No password was sent.',
    md5RefusedHint:
      'Use the TLS mode verify-full, or let whoever runs the server set the password anew with password_encryption = scram-sha-256. If you accept the risk, tick “Allow weak sign-in” for this workspace.',
    unsupported: 'The server asks to sign in by {{method}}, which the console does not support.',
    unsupportedHint:
      'Ask whoever runs the server for an entry in its pg_hba.conf that lets this user in with a password (scram-sha-256) or a client certificate (cert).',
    unknown: 'The server asks to sign in by a method that PostgreSQL does not know (code {{code}}).',
    unknownHint: 'It may be another program, or a newer PostgreSQL than the console knows.',
    noMechanism: 'The server offers no sign-in that the console supports (it offers: {{offered}}).',
    noMechanismHint: 'Ask whoever runs the server for sign-in by scram-sha-256.',
    notBound:
      'The workspace asks for channel binding, and the server signs in without it. No password was sent.',
    notBoundHint:
      'Something on the way may end the TLS connection (a proxy, a pooler), or the server is older than PostgreSQL 11 or does not use SCRAM. Set channel binding to “where the server offers it” if that is so.',
    bindingFailed: 'Channel binding does not work with the server’s certificate: {{said}}.',
    bindingFailedHint: 'Set channel binding to “never” for this workspace; TLS itself stays as it is.',
    noProof: 'The server said that the sign-in succeeded, but did not prove that it knows the password.',
    noProofHint: 'It may not be the right server. Check host and port before you try again.',
    falseProof: 'The server could not prove that it knows the password: {{said}}.',
    falseProofHint:
      'It may not be the right server, or something on the way answers in its place. Check host and port.',
    notOurServer:
      'What answers on the local database’s port is not the local database. No password was sent.',
    notOurServerHint:
      'Another program may have taken its port. Close the workspace and open it again: the server then gets another.',
  },
  signInMethods: {
    kerberos5: 'Kerberos V5',
    crypt: 'crypt',
    scm: 'SCM credentials',
    gss: 'GSSAPI (Kerberos)',
    sspi: 'SSPI (Windows domain)',
    oauth: 'OAuth',
  },
  wire: {
    hint: 'The connection was closed. It may not be PostgreSQL, or something on the way changes what it sends. Check host and port, then the server’s log.',
    otherProgram: 'What answers does not begin as PostgreSQL does.',
    unknownKind: 'The server sent a message of a kind that PostgreSQL does not have ({{letter}}).',
    length: 'The server sent a {{name}} message of an impossible length ({{bytes}} bytes).',
    tooLong: 'The server sent a {{name}} message of {{bytes}} bytes, more than the console reads at once.',
    malformed: 'The server sent a {{name}} message that contradicts itself.',
    unexpected: 'The server sent a {{name}} message at a moment when none can come.',
    endlessStart: 'The server goes on talking and never finishes the start of the session.',
    tooMuch: 'The server’s answer to one statement is larger than the console keeps in memory (512 MB).',
    tooMuchHint: 'The connection was closed. Ask for fewer rows or columns at once.',
    deaf: 'The server goes on asking and does not read the answers.',
    tlsAnswer:
      'The server said more than PostgreSQL does before encryption begins: somebody may have put it there.',
    driver: 'The server sent something that the driver can’t read: {{said}}',
  },
  tooMany: 'The server has no connection left: {{said}}.',
  tooManyHint:
    'Close other programs that use it, or raise max_connections (or the role’s or database’s CONNECTION LIMIT).',
  starting: 'The server is starting up or recovering and takes no connections yet.',
  startingHint:
    'Wait a moment and try again. After a crash recovery can take minutes; the server’s log shows how far it is.',
  stopping: 'The server is shutting down and takes no new connections.',
  stoppingHint: 'Try again once it runs again.',
  restarted: 'The server was restarted or ended this session while it worked: {{said}}.',
  restartedHint: 'Nothing half-done stays: an open transaction was undone. Try again.',
  databaseDropped: 'The database was removed while it was open.',
  databaseDroppedHint: 'Connect to another one.',
  tlsNotOffered: 'The server at {{place}} speaks no TLS, and the TLS mode {{mode}} insists on it.',
  tlsNotOfferedHint: 'Turn TLS on there (ssl = on). Only where the way is safe otherwise, choose disable.',
  tlsSelfSigned:
    'The server’s certificate is signed by itself, and no CA file says that it is the right one.',
  tlsSelfSignedHint: 'Get the certificate from whoever runs the server and choose it as the CA file.',
  tlsWrongAuthority:
    'The server’s certificate was signed by an authority that is not the one in the CA file.',
  tlsWrongAuthorityHint:
    'Choose the CA file that belongs to this server. If it was right yesterday, somebody may be in between.',
  tlsUnknownAuthority: 'The server’s certificate was signed by an authority that this machine does not know.',
  tlsUnknownAuthorityHint: 'Choose the authority’s certificate as the CA file.',
  tlsWrongName: 'The server’s certificate is not for “{{host}}”: it names {{names}}.',
  tlsWrongNameHint: 'Connect by a name that stands in it. If the name is right, somebody may be in between.',
  tlsExpired: 'The server’s certificate has expired.',
  tlsExpiredHint: 'Whoever runs the server has to renew it. Check this machine’s clock too.',
  tlsNotYetValid: 'The server’s certificate is not valid yet.',
  tlsNotYetValidHint: 'Check this machine’s clock; else the certificate was made for later.',
  tlsFailed: 'The encrypted connection could not be made: {{said}}.',
  tlsFailedHint: 'Check the TLS mode and the certificate files.',
  pooler: 'There is a connection pooler at {{place}} that refuses the console’s settings ({{said}}).',
  poolerHint:
    'Read-only, time zone and timeouts could not be kept behind it. Connect straight to the PostgreSQL server.',
  settingsLost: 'The settings of the console’s session did not hold: {{settings}}.',
  settingsLostHint:
    'A connection pooler in between does that, and read-only and timeouts would be lost. Connect straight to the PostgreSQL server.',
  sessionShared: 'A connection pooler in between gives the console another session for each transaction.',
  sessionSharedHint:
    'This work needs one session from beginning to end, for its locks and settings. Connect straight to the PostgreSQL server, or to a pool in session mode.',
  tooOld: 'The server is PostgreSQL {{version}}; the console opens 12 and newer.',
  tooOldHint: 'Upgrade the server, or restore a dump of it into a newer one and open that.',
  unreachableNow: 'The database cannot be reached: {{cause}}.',
  unreachableNowHint: 'Check that the server runs and that host and port are right.',
  causes: {
    ECONNREFUSED: 'no server listens there',
    ENOTFOUND: 'the host name is unknown',
    EAI_AGAIN: 'the host name could not be looked up',
    ETIMEDOUT: 'the server did not answer in time',
    EHOSTUNREACH: 'the host cannot be reached',
    ENETUNREACH: 'the network cannot be reached',
    ECONNRESET: 'the connection was reset',
    EPIPE: 'the connection was closed',
    ENOENT: 'there is no server socket there',
    EACCES: 'the server socket may not be opened',
    lost: 'the connection was lost',
    silent: 'the server did not answer in time, so the connection was given up',
  },
  allBusy: 'All connections of the console are in use.',
  allBusyHint: 'Wait until running work has ended, or cancel some of it.',
  forbidden: 'The database user may not do this: {{said}}.',
  forbiddenHint: 'Ask the owner of the database for the privilege, or connect as its owner.',
  forbiddenTo: 'The role “{{role}}” may not do this: {{said}}.',
  forbiddenToHint:
    'The session acts as this role because the database, or the user who signed in, is set to (ALTER DATABASE or ALTER ROLE … SET role). Give the role the privilege, or have the setting reset.',
  readOnly: 'The database is read-only here: the change was refused by the server.',
  readOnlyHint: 'Open the workspace as administrator, or connect to the primary server.',
  standby: 'This server is a standby: it takes no changes. It may have become one by a failover.',
  standbyHint: 'Connect to the primary server to change anything. Reading goes on here.',
  tookTooLong: 'The database stopped the statement because it took too long.',
  tookTooLongHint: 'Narrow the selection, or try again when the server is less busy.',
  locked: 'Another session holds the rows or tables this needs.',
  lockedHint: 'Try again in a moment.',
  idled: 'The database ended the session because its transaction stood idle.',
  idledHint: 'Try again.',
  transactionTimedOut: 'The server ended the session because of its setting transaction_timeout.',
  transactionTimedOutHint:
    'It is so short that not even the console’s own limit could be set. Ask for it to be raised: ALTER DATABASE or ALTER ROLE … RESET transaction_timeout.',
  sessionTimedOut: 'The server ended the session because of its setting idle_session_timeout.',
  sessionTimedOutHint:
    'If that happens again, it is too short. Ask for it to be raised: ALTER DATABASE or ALTER ROLE … RESET idle_session_timeout.',
  changedMeanwhile: 'Another session changed the same rows at the same time.',
  changedMeanwhileHint: 'Read the record again and repeat the change.',
  constraint: 'The database refused the change: {{said}}.',
  diskFull: 'The database server has no disk space left.',
  diskFullHint: 'Free space on the volume of the data folder, then try again.',
  failed: 'The connection to the server failed: {{said}}.',
  failedHint: 'Check that the server runs and can be reached.',
  noLibrary: 'The server is told to load a library that it can’t load: {{said}}.',
  noLibraryHint:
    'Install the library’s files on the server. Where they end every session, session_preload_libraries or local_preload_libraries names them: ALTER DATABASE or ALTER ROLE … RESET takes that back.',
  reported: 'The database reported: {{said}}.',
  noText: 'A text has a character that the database can’t keep: {{said}}.',
  noTextHint: 'It may have come along unseen when the text was pasted. Type the text anew.',
  notPopulatedHint:
    'It holds no rows until its owner runs REFRESH MATERIALIZED VIEW; the console does not run it.',
  caFileUnreadable: 'The CA file {{path}} can’t be read.',
  caFileUnreadableHint: 'Choose the file with the certificate of the authority that signed the server’s.',
  caFileNotPem: 'The CA file {{path}} holds no PEM certificate.',
  caFileNotPemHint:
    'It has a line "-----BEGIN CERTIFICATE-----"; other formats can be converted with openssl.',
  caFileNeeded: 'The TLS mode verify-ca needs the CA file to check the server against.',
  caFileNeededHint: 'Give the CA file, or use verify-full, which also checks the server’s name.',
  certificateFileUnreadable: 'The client certificate file {{path}} can’t be read.',
  certificateFileUnreadableHint: 'Choose the PEM file with your certificate.',
  certificateFileNotPem: 'The client certificate file {{path}} holds no PEM certificate.',
  certificateFileNotPemHint:
    'It has a line "-----BEGIN CERTIFICATE-----"; other formats can be converted with openssl.',
  keyFileUnreadable: 'The client key file {{path}} can’t be read.',
  keyFileUnreadableHint: 'Choose the PEM file with the key of your certificate.',
  keyFileOpen: 'The client key file {{path}} can be read by others, so it is not used.',
  keyFileOpenHint: 'Make it private: chmod 600, or 640 where it belongs to root.',
  keyFileEncrypted: 'The client key in {{path}} is encrypted with a passphrase.',
  keyFileEncryptedHint:
    'The console asks for no passphrase. Make a private copy without one: openssl pkey -in … -out …',
  keyFileNotPem: 'The client key file {{path}} holds no PEM key.',
  keyFileNotPemHint:
    'It has a line "-----BEGIN PRIVATE KEY-----"; other formats can be converted with openssl.',
  keyPairMismatch: 'The client key and the client certificate do not belong together.',
  keyPairMismatchHint: 'Choose the key that the certificate was made for.',
  certificateNeedsTls: 'A client certificate is sent over TLS only, and the TLS mode is disable.',
  certificateNeedsTlsHint: 'Choose a TLS mode, or clear both files.',
};
