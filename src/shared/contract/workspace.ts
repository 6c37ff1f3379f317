import * as z from 'zod';
import { command, job, query } from './define';
import { passport } from './passport';
import { bigInteger, emptyInput, emptyOutput, instant } from './values';

const access = z.enum(['read-only', 'administer']);

/** Colours a workspace can wear. Always beside its label: colour is never the only sign. */
export const workspaceColours = ['', 'grey', 'blue', 'green', 'amber', 'red', 'purple'] as const;

export const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

/** libpq's `channel_binding`: whether the password's exchange is tied to the very TLS connection it goes over. */
export const channelBindings = ['disable', 'prefer', 'require'] as const;

const absolutePath = z.string().trim().min(1).max(1000);

/** Where a database is, as whom it is opened and how that is protected. No secret is among it. */
export const connectionFields = z.strictObject({
  /** NULL when a socket is used. */
  host: z.string().trim().min(1).max(255).nullable(),
  port: z.int().min(1).max(65_535),
  /** Folder of the server's Unix socket; NULL over TCP. */
  socketFolder: absolutePath.nullable(),
  database: z.string().min(1).max(63),
  user: z.string().min(1).max(63),
  tlsMode: z.enum(tlsModes),
  caFile: absolutePath.nullable(),
  /** PEM files for a server that asks for a client certificate. */
  clientCertificateFile: absolutePath.nullable(),
  clientKeyFile: absolutePath.nullable(),
  channelBinding: z.enum(channelBindings),
  /**
   * The person's exception: the password may be given in clear or as MD5 to a server whose certificate nobody verified.
   * Otherwise only SCRAM is used there, which never gives the password away.
   */
  weakSignInAllowed: z.boolean(),
});
export type ConnectionFields = z.infer<typeof connectionFields>;

/** What a person calls a workspace and how they work in it. */
export const workspaceSettings = z.strictObject({
  name: z.string().trim().min(1).max(80),
  environmentLabel: z.string().trim().max(40),
  colour: z.enum(workspaceColours),
  access,
  /** The users row that the operator is; NULL means the account of the operating system. */
  operatorUserId: z.guid().nullable(),
  /** IANA zone for databases that have none of their own in `litemaas_console.settings`. */
  reportingTimeZone: z.string().min(1).max(80),
  /** While it is open to administer it, this console runs what is due: periods that ended, and what expired. */
  runsDue: z.boolean().default(false),
});
export type WorkspaceSettings = z.infer<typeof workspaceSettings>;

/** How the password comes along; write-only. `uri` is the pasted URI whose password is meant. */
const password = { password: z.string().max(1000).optional(), uri: z.string().max(2000).optional() };

/**
 * True: the password that comes along is stored. False: it is used now and asked for the next time, and a stored one is
 * forgotten. Absent: what is stored stays as it is.
 */
const rememberPassword = z.boolean().optional();

/**
 * True: the person read what it risks to be a superuser where others have a hand in, and wants it; kept for exactly
 * this target. False: that is taken back. Absent: what was chosen stays.
 */
const acceptSuperuser = z.boolean().optional();

const profileSummary = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['local', 'server']),
  environmentLabel: z.string(),
  colour: z.string(),
  access,
  /** Without password. */
  location: z.string(),
  lastOpenedAt: instant.nullable(),
});
export type ProfileSummary = z.infer<typeof profileSummary>;

const connectionReport = z.object({
  elapsedMs: z.number(),
  serverVersion: z.string(),
  /** Such as 180004. */
  serverVersionNumber: z.int(),
  tls: z
    .object({
      /** Such as `TLSv1.3`. */
      protocol: z.string(),
      cipher: z.string(),
      /** What was checked: chain and name, the chain alone, or nothing. */
      verified: z.enum(['name', 'authority', 'nothing']),
      /** The name (or address) that the certificate was checked for; else the names it carries. */
      peerName: z.string().nullable(),
      issuer: z.string().nullable(),
      expiresAt: instant.nullable(),
      clientCertificateSent: z.boolean(),
    })
    .nullable(),
  /** NULL over a socket or TLS; else how bad it is that nothing is encrypted. */
  unencrypted: z.enum(['this-machine', 'network']).nullable(),
  /** How the password was asked for; `scram-bound` is with channel binding, `none` without any password. */
  signIn: z.enum(['none', 'password', 'md5', 'scram', 'scram-bound']),
  role: z.object({
    name: z.string(),
    superuser: z.boolean(),
    memberOf: z.array(z.string()).max(50),
    ownsDatabase: z.boolean(),
  }),
  /**
   * Set where the role could do more than the database is worth and others own or may create things in it: what it
   * is, and who they are, in words.
   */
  superuserRisk: z.object({ powers: z.string(), others: z.array(z.string()).max(21) }).nullable(),
  privileges: z.object({
    createSchemas: z.boolean(),
    createTables: z.boolean(),
    /** Ordinary tables outside the system's schemas, and how many of them this role may read. */
    tables: z.int(),
    readableTables: z.int(),
    writableTables: z.int(),
  }),
  /** A standby: it can be read and never written. */
  inRecovery: z.boolean(),
  /** The server or the role starts every transaction read-only. */
  readOnlyByDefault: z.boolean(),
  /** Something between us and the server that gives each transaction another connection. */
  pooler: z.boolean(),
  sizeBytes: bigInteger.nullable(),
  database: passport,
  /** What a person should know before opening it, in words. */
  warnings: z.array(z.string()).max(20),
});
export type ConnectionReport = z.infer<typeof connectionReport>;

const discovered = z.object({
  source: z.enum(['port', 'socket', 'environment', 'passfile', 'service']),
  /** What was found where: "Port 5432 is listening", "Service production in ~/.pg_service.conf". */
  label: z.string(),
  /** What is known of it; the person fills in the rest. */
  fields: connectionFields.partial(),
  /** A password for it stands in ~/.pgpass or PGPASSWORD; it is used when the person connects with these fields. */
  passwordKnown: z.boolean(),
});
export type DiscoveredServer = z.infer<typeof discovered>;

export const workspaceContract = {
  /** Known workspaces, last opened first, and what a new local database would find. */
  list: query({
    scope: 'app',
    input: emptyInput,
    output: z.object({
      profiles: z.array(profileSummary),
      local: z.object({
        state: z.enum(['absent', 'stopped', 'running', 'incompatible', 'unavailable']),
        /** Why it cannot be used, where it cannot. */
        message: z.string().nullable(),
        dataFolder: z.string(),
      }),
      /** Set when the profile file was damaged or newer: the name of the copy that was kept. */
      profilesSetAside: z.string().nullable(),
    }),
  }),
  /** One workspace as it can be edited. */
  get: query({
    scope: 'app',
    input: z.strictObject({ workspaceId: z.string() }),
    output: z.object({
      id: z.string(),
      kind: z.enum(['local', 'server']),
      settings: workspaceSettings,
      connection: connectionFields,
      /** Whether the secret store holds a password for exactly this target, and which store it is. */
      password: z.enum(['stored', 'absent', 'unreadable']),
      secretStore: z.string(),
      /** The person chose to be a superuser in exactly this database, knowing what others could do with that. */
      superuserAccepted: z.boolean(),
      /** Size on disk for the local database; NULL for a server. */
      localDataBytes: bigInteger.nullable(),
    }),
  }),
  /** Reads a pasted URI strictly into the form's fields. The password in it is not answered. */
  parseUri: query({
    scope: 'app',
    input: z.strictObject({ uri: z.string().min(1).max(2000) }),
    output: z.object({
      connection: connectionFields,
      hasPassword: z.boolean(),
      /** Parameters that were understood and make no difference here. */
      ignored: z.array(z.string()),
    }),
  }),
  /** What is on this machine already: reads files, folders and the list of listening ports; connects to nothing. */
  discover: query({
    scope: 'app',
    input: emptyInput,
    output: z.object({
      found: z.array(discovered).max(100),
      /** Where it looked, so that an empty answer is believed. */
      lookedAt: z.array(z.string()).max(50),
    }),
  }),
  /** Connects once, looks, and leaves: nothing is stored and nothing changed. */
  test: query({
    scope: 'app',
    input: z.strictObject({
      connection: connectionFields,
      ...password,
      /** A known workspace whose stored password is meant, if it is bound to the same target. */
      workspaceId: z.string().optional(),
      acceptSuperuser,
    }),
    output: connectionReport,
  }),
  /** The one click: start the shipped PostgreSQL, create the database, migrate, optionally load the demo, open. */
  setUpLocal: job({
    scope: 'app',
    writes: false,
    input: z.strictObject({ demo: z.boolean() }),
    output: z.object({
      workspaceId: z.string(),
      elapsedMs: z.number(),
      /** True: the demo was asked for and was in the database already, so nothing was loaded. */
      demoWasThere: z.boolean(),
    }),
  }),
  /** Opens a PostgreSQL server and keeps it among the workspaces. Changes nothing in it: migrating is a step of its own. */
  connect: job({
    scope: 'app',
    writes: false,
    input: z.strictObject({
      connection: connectionFields,
      settings: workspaceSettings,
      ...password,
      /** False: the password is used now and asked for the next time. */
      rememberPassword: z.boolean(),
      acceptSuperuser,
    }),
    output: z.object({ workspaceId: z.string() }),
  }),
  /**
   * Changes a workspace's settings or where it connects to. Another target asks for the password again. An open
   * workspace is opened anew where its access or connection changed.
   */
  update: job({
    scope: 'app',
    writes: false,
    input: z.strictObject({
      workspaceId: z.string(),
      settings: workspaceSettings,
      /** Absent: stays as it is. Refused for the local database. */
      connection: connectionFields.optional(),
      ...password,
      rememberPassword,
      acceptSuperuser,
    }),
    output: emptyOutput,
  }),
  /** Opens a known workspace; `password` only when none is stored, or the stored one could not be used. */
  open: job({
    scope: 'app',
    writes: false,
    input: z.strictObject({
      workspaceId: z.string(),
      password: password.password,
      rememberPassword,
      acceptSuperuser,
    }),
    output: z.object({ workspaceId: z.string() }),
  }),
  close: command({ scope: 'app', writes: false, input: emptyInput, output: emptyOutput }),
  /**
   * Removes the profile and its secrets. `withData` also deletes the local database's folder, its server stopped
   * first; for a server it is refused: its data is not ours.
   */
  forget: job({
    scope: 'app',
    writes: false,
    input: z.strictObject({ workspaceId: z.string(), withData: z.boolean() }),
    output: z.object({ deletedBytes: bigInteger.nullable() }),
  }),
  /** The person read what an unprotected store means and wants it nevertheless; or takes that back. */
  allowUnprotectedSecrets: command({
    scope: 'app',
    writes: false,
    input: z.strictObject({ allow: z.boolean() }),
    output: emptyOutput,
  }),
};
