/** What the change kernel says: plans, outcomes, and the rules of each area. */
export const changesTexts = {
  title_one: 'Changing {{count}} record',
  title_other: 'Changing {{count}} records',
  planGone: 'This change is not known here any more.',
  planGoneHint:
    'It was previewed long ago, or the console was started again since. What was done stays done: look at it again, and only the rest is changed.',
  running: 'This change is being made right now.',
  runningHint: 'Wait until it is done; its progress is shown at the bottom.',
  reasonMissing: 'This change asks for a reason.',
  reasonMissingHint: 'Say in a few words why; it is kept in the audit trail.',
  changedSince: 'Somebody else changed it since you looked. It was left as it is.',
  secretForgotten:
    'A text that goes holds what looks like a key or a password. Nothing keeps it, so that no undo brings it back.',
  gone: 'It is not there any more.',
  held: 'Another session is changing it or left a transaction open on it. It was left as it is: try again in a moment. Who can see all sessions of the server finds that one among those “idle in transaction” and can end it.',
  tableHeld: 'Another session holds a whole table that this changes.',
  tableHeldHint:
    'What was done stays done. A migration or maintenance may be running: confirm again when it is through.',
  notWritten: 'The database kept a row of {{table}} from being changed, without an error.',
  notWrittenHint: 'A trigger or a row-level policy of this database does that. Nothing was changed.',
  batchGone: 'This change is not in the journal.',
  batchGoneHint: 'Only what this console or another one changed can be undone.',
  undone: 'This change was undone already.',
  undoneHint: 'Look at the record’s history: the undo itself can be taken back.',
  tooMany: 'More than {{limit}} records cannot be changed at once.',
  tooManyHint: 'Narrow the filter and change them in groups.',
  noUndo: {
    keyRotate:
      'somebody has the new key’s value: revoke the new key instead, and give the old one a later end',
    demoLoad: 'Cannot be undone from here: “Remove demo data” in the settings takes it out again.',
    demoRemove: 'Cannot be undone. An empty workspace can be given the demo data anew.',
    repair: 'Cannot be undone: a repair makes what the console needs. Health would find its absence again.',
    link: 'Cannot be undone from here: unlink the proxy, or link another. No key is kept that would go back.',
    unlink: 'Cannot be undone: the key was forgotten with the link. Link the proxy again with its key.',
    partitions:
      'Cannot be undone: usage may have been written into the new months. An empty month costs nothing and can stay.',
  },
  nothingWished: 'Nothing was chosen to change.',
  cascade: {
    tooManyKeys: 'This database has more than {{limit}} foreign keys.',
    tooDeep: 'What refers to this record never ends.',
    tooManyRows: 'More than {{limit}} rows that others refer to would go with it.',
    tooManyRowsHint: 'Delete what belongs to it first, in parts.',
    unseen:
      '{{table}} refers to it and cannot be followed: not all of it can be read, it belongs to another role, or its key is of a type of its own. What would go from it is not known.',
    watched: 'A trigger or rule on {{table}} is run by it: what else that does is not known.',
    blocked: 'Rows of {{table}} refer to it and keep it from going.',
    hasMore: 'Rows of {{table}} belong to it by now and would go too. Delete it by itself to see them all.',
    leftOut:
      'Rows of {{table}} stay away: what they refer to in {{parent}} was deleted since. Everything else comes back.',
    emptied: 'Rows of {{table}} come back without what they refer to in {{parent}}: it was deleted since.',
    parentGone:
      'Rows of {{table}} cannot come back: what they refer to in {{parent}} was deleted since. Nothing is brought back in part: bring that back first.',
    placeTaken:
      'Rows of {{table}} cannot come back: others have their place by now. Nothing is brought back in part: take those out first.',
    keysOff_one:
      '{{count}} API key comes back switched off: LiteLLM may have deleted it since, and then its value works nowhere any more.',
    keysOff_other:
      '{{count}} API keys come back switched off: LiteLLM may have deleted them since, and then their values work nowhere any more.',
    noKey: 'Rows of {{table}} lose their reference, and an undo cannot give it back to them.',
    secrets: 'Secret values in {{table}} are not kept: an undo cannot bring them back.',
  },
  keys: {
    rotateOnlyActive: 'Only a key that works now can be rotated.',
    rotateOnlyActiveHint: 'Unblock it first, or make a new key.',
    rotateUntold: 'LiteLLM was not told yet of a change of this key.',
    rotateUntoldHint: 'Send it again on the key’s page, then rotate the key.',
    rotateNotThere: 'LiteLLM does not have this key, or refuses it.',
    rotateNotThereHint: 'Pull from LiteLLM to see what became of it, then make a new key.',
    rotateDiffers: 'LiteLLM has something else of this key: {{fields}}.',
    rotateDiffersHint:
      'Nothing was rotated. Pull from LiteLLM, make both the same by editing the key, then rotate it.',
    rotateChanged: 'The key was changed since you looked.',
    rotateChangedHint: 'Nothing was rotated. Look at it as it is now, then rotate it.',
    stayOff_one:
      '{{count}} API key that a deactivation took stays off: another one it belongs to is off, it lost its team, or its owner left the team.',
    stayOff_other:
      '{{count}} API keys that a deactivation took stay off: another one they belong to is off, they lost their team, or their owner left the team.',
    ownerOff_one:
      '{{count}} key would work again although its person or team was switched off since: {{names}}.',
    ownerOff_other:
      '{{count}} keys would work again although their person or team was switched off since: {{names}}.',
    staysRevoked:
      'Revoked for good: it cannot be switched on. Who revoked it can undo that in the audit log.',
    revokedAlready: 'Revoked already.',
    deleteLive: 'Works, or would with a later end: revoke or block it first.',
    deletes:
      'LiteLLM deletes the key if it still has it. An undo brings its record back, never the key: its value works nowhere any more.',
    usedSince: 'Has been used since it was made: revoke it instead.',
    comesBack: 'Comes back as a record: where LiteLLM has deleted the key, its value works nowhere any more.',
    hashTaken: 'Another record is this key by now: a pull has found it in LiteLLM again.',
    neverLive: 'LiteLLM has deleted this key, and it never comes back live: make a new one.',
    revoked:
      'Ends for good: LiteLLM deletes the key once it is told, and from then on its value works nowhere, not even after an undo. To stop it for a while, block it.',
    neverEnds: 'Never expires any more.',
    ends: 'Works until {{at}}.',
    endedAlready: 'Has expired by then already: it is refused.',
    staysExpired: 'Has expired: it stays refused until it gets a later end.',
    endPast: 'This day is over.',
    endPastHint: 'Choose today or a later day, or block the key to stop it now.',
    ownerGone: 'The owner is not there any more.',
    modelGone: 'There is no model {{model}} any more.',
    ownerInactive: 'Its owner is switched off: reactivate the owner first.',
    teamInactive: 'The team {{team}} is switched off: reactivate the team first.',
    teamGone: 'The team is not there any more.',
    notMember: 'Its owner is not a member of {{team}}.',
    notMemberHint: 'Nothing was changed. Make the owner a member first, or choose another team.',
    notInTeam: '{{team}} does not allow {{models}}: calls to it are refused.',
    wider: 'Could use more models than its team allows now: name its models in the same change.',
    widened: 'May use models that it may not use now.',
    noModels:
      'It would have no models, which LiteLLM takes for every model: name those that it may use instead.',
    noCeiling: 'The budget of its team no longer limits it, and it has none of its own.',
    noAlias: 'Its alias would be longer than 255 characters, or look like a key.',
    forNobody: 'There can be no key for any of them.',
    stopped: 'Stopped before its turn.',
    stoppedBecause: 'Stopped before its turn: {{why}}',
    valueVoid: 'The value in the line above opens nothing: its key was given up. {{why}}',
    aliasTaken: 'Another key has the alias “{{value}}”, and LiteLLM knows each only once.',
    overBudget:
      'Has spent {{spent}} USD already, as much as the new budget or more: it may be refused at once.',
  },
  archiving: 'Moving recorded usage aside',
  restoring: 'Bringing recorded usage back',
  moving: 'A console is moving usage of what is deleted aside, or bringing it back, right now.',
  movingLost: 'The connection to the server was lost. What was moved is remembered: go on from the overview.',
  movingHint: 'Wait until it is through: only one does so at a time.',
  nothingUnfinished: 'This was finished already.',
  nothingUnfinishedHint: 'Another console went on with it, or put it back.',
  users: {
    becomesAdmin: 'Gets every right in LiteMaaS: administrators see and change everything.',
    becomesReader: 'May read everything in LiteMaaS.',
    bothAdmins: 'Is administrator and reading administrator at once: the first makes the second void.',
    unknownRole: 'LiteMaaS knows no role “{{role}}”.',
    lastAdmin: 'Nobody would be left to administer LiteMaaS.',
    lastAdminHint: 'Give another active person the role admin first.',
    ownName: 'Several people cannot have the same {{field}}.',
    usernameTaken: 'The username “{{value}}” belongs to somebody else.',
    emailTaken: 'The address “{{value}}” belongs to somebody else.',
    sameExceptCase: 'Somebody else has “{{value}}”, which differs only in upper and lower case.',
    mixedScripts: '“{{value}}” mixes letters that look alike: {{sign}} is {{script}} ({{code}}).',
    nothingAllowed: 'The {{field}} of 0 lets nothing through.',
    becomesUnlimited: 'The {{field}} becomes unlimited.',
    overBudget: 'Has spent more than the new budget already, and may be refused at once.',
    noLimits: 'Has no limits at all: no budget, and any number of tokens and requests.',
    emailMissing: 'Has no e-mail address: the database holds a placeholder.',
    signInUnknown:
      'The id at the identity provider is not known: a first sign-in does not find this record until it is filled in.',
    signInTaken: 'A sign-in by “{{id}}” at “{{provider}}” can only be one person’s.',
    tooManySubscriptions: 'At most {{count}} subscriptions are made with people at a time.',
    tooManySubscriptionsHint: 'Take fewer people or models, and subscribe the others afterwards.',
    modelsGone: 'These models are not there any more: {{names}}. Leave them out.',
    modelsRetired: 'These models are not offered any more: {{names}}. Leave them out.',
    hasAttached:
      'Has keys, subscriptions, usage or further teams by now, which would be lost. Deactivate instead.',
    teamGone: 'One of the teams is not there any more.',
    teamGoneHint: 'Choose the teams again.',
    teamTwice: 'One of the teams is joined twice.',
    teamTwiceHint: 'Everybody joins the Default Team, as a member: leave it out.',
    joinsDefaultTeam: 'Joins the Default Team, as everybody does.',
    noDefaultTeam: 'There is no Default Team here, which LiteMaaS expects: nobody joins it.',
    keysEnd_one: '{{count}} API key that works now ends with it. Its value cannot come back.',
    keysEnd_other: '{{count}} API keys that work now end with it. Their values cannot come back.',
    usageStays_one: 'The recorded usage stays in all charts: {{count}} request, {{cost}} USD.',
    usageStays_other: 'The recorded usage stays in all charts: {{count}} requests, {{cost}} USD.',
    merge: {
      otherAddress: 'The addresses {{one}} and {{other}} differ in more than upper and lower case.',
      otherAddressHint:
        'Only records of one address can be merged: who has another one may be somebody else.',
      inactive: '{{name}} is switched off.',
      inactiveHint: 'Reactivate it first: the keys that its deactivation took come back then, and can move.',
      gotMore: 'The duplicate got something more since you looked.',
      gotMoreHint: 'Nothing was changed. Look at the merge again.',
      usedSince:
        'What was merged was used since: {{models}}. That usage is recorded of who has the subscription now, so the merge stays.',
      referred: 'Rows of other tables refer to a membership or a subscription that would end: {{tables}}.',
      referredHint:
        'They could be lost, and nothing keeps them. End the double membership or subscription by itself first, outside the console.',
      doubledSince:
        'Who would get a subscription back has another active one to the model by now: {{models}}. End that one first.',
      memberSince:
        'Whoever would get a membership back has another one by now: {{teams}}. End that one first.',
      worksThere:
        'LiteLLM is not told at once: over there {{from}} stays switched on, in its teams, until it is.',
      keysWorkThere_one:
        'LiteLLM is not told at once: over there {{from}} stays switched on, and {{count}} key that works goes on working as a key of {{from}}: under its limits, in its teams, and its requests are recorded of {{from}}.',
      keysWorkThere_other:
        'LiteLLM is not told at once: over there {{from}} stays switched on, and {{count}} keys that work go on working as keys of {{from}}: under its limits, in its teams, and their requests are recorded of {{from}}.',
      others: 'The address is also that of {{names}}: merge them one after the other.',
      roles: 'Roles do not move: {{into}} does not become {{roles}}.',
      teamsRaised: 'Both are members of {{teams}}, and {{from}} is admin there: {{into}} becomes admin.',
      teamsDoubled:
        'Both are members of {{teams}}: {{into}} stays as it is, the membership of {{from}} ends.',
      teamsMove: 'Memberships that move to {{into}}: {{teams}}.',
      subscriptionsWeaker:
        'To {{models}} {{from}} has an active subscription and {{into}} one that is not: it stays so, and keys that move can go on calling the model in LiteLLM.',
      subscriptionsEnd:
        'Both have a subscription to {{models}}: that of {{into}} stays as it is with its quota, that of {{from}} ends.',
      subscriptionsOpen:
        'Used, so ended for {{from}} and opened anew for {{into}}, with the same quota and nothing used of it: {{models}}.',
      subscriptionsMove: 'Unused subscriptions that move to {{into}}: {{models}}.',
      subscriptionsLapsed:
        'A subscription of {{into}} that is past its end is marked as expired to make room: {{models}}.',
      keysMove_one:
        '{{count}} API key moves to {{into}} and keeps its value and its limits ({{working}} works now).',
      keysMove_other:
        '{{count}} API keys move to {{into}} and keep their values and limits ({{working}} work now).',
      usageStays_one: 'Recorded usage stays with {{from}}: {{count}} request, {{cost}} USD.',
      usageStays_other: 'Recorded usage stays with {{from}}: {{count}} requests, {{cost}} USD.',
      stays:
        '{{from}} is switched off and keeps its address, its sign-in ({{provider}}, {{oauthId}}), its entries in the audit log, teams it created, and what other tables say of it.',
    },
    offboard: {
      needsAdmin: 'Nobody else who stays is admin of {{teams}}.',
      needsAdminHint: 'Choose who becomes admin there, or say that it goes on without one.',
      successorGone: 'Who is to become admin is not there any more.',
      successorOff: 'Who is to become admin is switched off: {{names}}.',
      successorLeaves: 'Who is to become admin leaves too: {{names}}.',
      successorHint: 'Choose somebody else who is active.',
      tooMuch: 'These people have more than {{limit}} keys, subscriptions and memberships together.',
      tooMuchHint: 'Let fewer of them leave at a time.',
      gotMore: 'Got another key, subscription or membership since you looked.',
      gotMoreHint: 'Nothing was changed. Look at it again.',
      becomesAdmin: '{{name}} becomes admin of {{teams}}.',
      withoutAdmin: 'Go on without an admin: {{teams}}.',
      keysEnd_one: '{{count}} API key that is on is blocked, and its row stays: {{names}}.',
      keysEnd_other: '{{count}} API keys that are on are blocked, and their rows stay: {{names}}.',
      othersKeys_one: '{{count}} key of somebody else in their teams goes on as it is: {{names}}.',
      othersKeys_other: '{{count}} keys of others in their teams go on as they are: {{names}}.',
      subscriptions_one: '{{count}} subscription is cancelled: {{names}}.',
      subscriptions_other: '{{count}} subscriptions are cancelled: {{names}}.',
      pending_one: '{{count}} request that waits for approval is turned down: {{names}}.',
      pending_other: '{{count}} requests that wait for approval are turned down: {{names}}.',
      teamsEnd_one: '{{count}} membership ends: {{names}}.',
      teamsEnd_other: '{{count}} memberships end: {{names}}.',
      created: 'Stay recorded as made by them: {{teams}}.',
      notTold:
        'LiteLLM hears of the keys at once, of the people and their teams not yet: over there {{names}} stay switched on and in their teams until it does.',
      stays:
        'The records stay, with their usage, sign-ins and history. Deleting them is a step of its own, later.',
      keysStayOff_one:
        '{{count}} key stays off: LiteLLM has deleted it, or its person or team is off by now: {{names}}.',
      keysStayOff_other:
        '{{count}} keys stay off: LiteLLM has deleted them, or their person or team is off by now: {{names}}.',
      teamsGone_one: '{{count}} team is not there any more: its membership does not come back.',
      teamsGone_other: '{{count}} teams are not there any more: their memberships do not come back.',
      reportGone: 'Nobody left with this change.',
      reportGoneHint: 'Only what the journal of this database knows can be reported.',
    },
    keysBlocked: 'The keys that work now are switched off with the person.',
    field: {
      username: 'username',
      email: 'e-mail address',
      maxBudget: 'budget',
      tpmLimit: 'limit of tokens per minute',
      rpmLimit: 'limit of requests per minute',
      quotaRequests: 'quota of requests',
      quotaTokens: 'quota of tokens',
    },
  },
  teams: {
    nameTaken: 'Another team is called “{{value}}”.',
    sameExceptCase: 'Another team is called “{{value}}” but for upper and lower case.',
    ownName: 'Several teams cannot have the same name.',
    defaultStays: 'The Default Team is not deleted: LiteMaaS expects it, and everybody in it.',
    defaultStaysActive: 'The Default Team is not deactivated: LiteMaaS expects it, and everybody in it.',
    defaultIsReset: 'LiteMaaS resets the Default Team when it starts: what is changed here may not last.',
    budgetOfZero:
      'LiteLLM lets calls of a team with a budget of 0 through as long as nothing was spent. To keep calls out, deactivate the team.',
    allModels: 'May use every model, including those added later.',
    noLongerAll: 'May no longer use every model: calls to those that are not in the list are refused.',
    modelsGone_one: 'May no longer use {{models}}: calls to it are refused.',
    modelsGone_other: 'May no longer use {{models}}: calls to them are refused.',
    overBudget:
      'Has spent {{spent}} USD already, more than the new budget: its calls may be refused at once.',
    keysEnd_one:
      '{{count}} API key of the team that works now is switched off: LiteLLM deletes it, and without the team it would be allowed more.',
    keysEnd_other:
      '{{count}} API keys of the team that work now are switched off: LiteLLM deletes them, and without the team they would be allowed more.',
    hasAttached: 'Has keys, subscriptions or usage by now. Deactivate it, or delete it, instead.',
    subscriptionsStay_one: '{{count}} subscription stays and belongs to no team any more.',
    subscriptionsStay_other: '{{count}} subscriptions stay and belong to no team any more.',
  },
  subscriptions: {
    waits: 'Waits for approval: approve or deny it.',
    otherStatus: 'Is {{status}}: this step is not for it.',
    closed: 'Was cancelled, which is final: open a new subscription instead, or undo the cancelling.',
    hasExpired: 'Is past its end: give it a later one, or cancel it.',
    onlyDenied: 'Only a request that was denied can be opened again.',
    expiresByDate: 'A subscription expires by its date: set that instead.',
    unknownStatus: 'What may become of the status “{{status}}” is not known here.',
    endPassed: 'The end lies in the past: it would be over at once. To end it now, suspend or cancel it.',
    needsEnd: 'Its end has passed: give it a later one in the same change.',
    worksAgain: 'Is in use again with the later end.',
    staysExpired: 'Stays expired until it is reactivated.',
    userInactive: 'The person was deactivated.',
    modelInactive: 'The model was retired.',
    leftTeam: 'The person is not in the team.',
    alreadyActive:
      'The person has another subscription to this model that is active, or past its end and not closed.',
    sameTwice: 'Several of these are for the same person and model: only one of them can be active.',
    suspendedOne: 'The person has a suspended subscription to this model too: this one would lead around it.',
    secondRequest: 'The person has another request for this model, which goes on waiting.',
    tooMany: 'At most {{people}} people and {{models}} models are taken at a time.',
    tooManyHint: 'Choose fewer, and subscribe the others after them.',
    pairGone: 'The person or the model is not there any more.',
    usedSince: 'Was used since: cancel it instead, so that what was used stays with it.',
    has: {
      active: 'Have an active subscription already and keep it.',
      expired: 'Have one that is past its end and not closed: give it a later end instead.',
      suspended: 'Have a suspended one: reactivate it instead.',
      pending: 'Have a request that waits: approve it instead.',
    },
    usersGone_one: '{{count}} of the people is not there any more, and is left out.',
    usersGone_other: '{{count}} of the people are not there any more, and are left out.',
    modelsGone: 'Not there any more, and left out: {{names}}.',
    newInLitellm:
      'In LiteLLM people reach the models that their keys name: a subscription adds none to a key, and says how much is counted here.',
    notCancelled: 'Cancel it first, so that its use ends at once.',
    deniedStays: 'A request that was denied stays, so that one can see it was.',
    overQuota: 'Has used more than its new quota: it is suspended at once.',
    usedUp: 'Has used more than its quota: the next request suspends it again.',
    overBudget: 'Has spent {{spent}} USD already, more than the new budget.',
    keysWorkThere_one:
      'LiteLLM is not told at once: {{count}} key still reaches the model there. To end calls now, deactivate the key.',
    keysWorkThere_other:
      'LiteLLM is not told at once: {{count}} keys still reach the models there. To end calls now, deactivate the keys.',
    usageStays_one: 'The recorded usage stays in all charts: {{count}} request, {{cost}} USD.',
    usageStays_other: 'The recorded usage stays in all charts: {{count}} requests, {{cost}} USD.',
    isDueFirst:
      'Its period has ended and the next one has not begun: reset it first, or what was used goes on being counted.',
    noReset: 'Has no date of reset: the new period does not begin by itself.',
    nothingToReset: 'Only a subscription that is in use or suspended has a period.',
    activeAgain: 'Its quota suspended it: it is active again.',
    staysSuspended:
      'Stays suspended: it was not its quota that suspended it, or more than that is used by now.',
    countedSince: 'What was requested since its period began counts towards the new one.',
    resetOnce: 'Has no period that ends: its counters are not reset again by themselves.',
    periodEnded: 'The period has ended.',
    endHasPassed: 'Its end has passed.',
  },
  models: {
    madeInLitellm: 'A LiteLLM proxy is linked: what it routes to is the catalogue.',
    madeInLitellmHint: 'Add the model in LiteLLM and pull. Where no proxy is linked, models are made here.',
    idTaken: 'There is a model “{{id}}” already.',
    idWasUsed:
      'A model “{{id}}” was here before: its prices and its usage would be this one’s. Take another id.',
    sameName: 'Another model is called “{{value}}” too: people tell them apart by their ids.',
    hasAttached: 'Has subscriptions, keys, usage or further prices by now. Deactivate or retire it instead.',
    pricedSince: 'Somebody else set another price since you looked.',
    pricedSinceHint: 'Close the panel and open it again: it shows what the model costs now.',
    newestPriceDiffers:
      'Another price holds by now: what the model costs would no longer be the newest price of its history.',
    newestPriceDiffersHint: 'Nothing was changed. Set the right price instead: the history keeps the others.',
    samePrice: 'The model costs that already.',
    priceToCome: 'A price can begin now, or at a moment that is past.',
    priceToComeHint:
      'LiteMaaS knows one price of a model, and nothing would put the new one in its place when the moment comes.',
    momentTaken: 'There is a price from this very moment already.',
    priceIsPast: 'A later price is known: this one holds until then, and what the model costs now stays.',
    priceUnknown: 'A price that is left empty is not known: costs of such tokens are not known either.',
    priceOfZero: 'A price of 0 means that it is free.',
    notKnown: 'not known',
    priceUntilNow: 'Until now, per million tokens: {{input}} in, {{output}} out.',
    lastMonthUnused: 'Last month nobody used the model: the price would have changed nothing.',
    lastMonthUnknown_one:
      'Last month ({{month}}): {{count}} request, {{input}} tokens in and {{output}} out, recorded with {{recorded}} USD. One of the two prices is not known, so they are not compared.',
    lastMonthUnknown_other:
      'Last month ({{month}}): {{count}} requests, {{input}} tokens in and {{output}} out, recorded with {{recorded}} USD. One of the two prices is not known, so they are not compared.',
    lastMonth_one:
      'Last month ({{month}}): {{count}} request, {{input}} tokens in and {{output}} out. At the price of now that is {{before}} USD, at the new one {{after}} USD ({{difference}}); recorded were {{recorded}} USD.',
    lastMonth_other:
      'Last month ({{month}}): {{count}} requests, {{input}} tokens in and {{output}} out. At the price of now that is {{before}} USD, at the new one {{after}} USD ({{difference}}); recorded were {{recorded}} USD.',
    usageKeepsCost: 'Usage that is recorded keeps its cost.',
    usageSinceKeepsCost_one:
      'Usage that is recorded keeps its cost, also {{count}} request since the day the price begins.',
    usageSinceKeepsCost_other:
      'Usage that is recorded keeps its cost, also {{count}} requests since the day the price begins.',
    test: {
      otherMode: 'The model answers no words: only chat and embedding models are tested.',
    },
    replace: {
      same: 'A model is replaced by another one.',
      noModel: 'LiteLLM takes “{{name}}” for every model, or for none: no model is replaced by it.',
      isOff: '{{name}} is not active: nobody could use it.',
      isOffHint: 'Choose another model, or activate this one first.',
      tooMany: 'More than {{limit}} subscriptions are open to it.',
      tooManyHint: 'Choose people or teams, and take the others after them.',
      notInLitellm:
        'The linked proxy has no {{name}}: LiteLLM refuses keys that ask for it until it is added there.',
      prices:
        'Per million tokens, {{from}}: {{input}} in, {{output}} out; {{to}}: {{newInput}} in, {{newOutput}} out.',
      opens_one:
        '{{count}} subscription is opened with the team, limits, period and end of the one it follows. Its counters begin at 0.',
      opens_other:
        '{{count}} subscriptions are opened with the team, limits, period and end of those they follow. Their counters begin at 0.',
      opensSuspended: 'Are suspended, and so is what follows them.',
      hasBoth: 'Have both: the one ends, the other stays as it is, with its own limits.',
      stays: {
        inactive: 'Stay as they are: the person was deactivated.',
        expired: 'Stay as they are: past their end.',
        pending: 'Wait for approval and stay: deny them, or approve and replace them.',
        second: 'Stay as they are: another one of the same person is replaced.',
        heldSuspended:
          'Have a suspended one to the other model, so theirs stays: they would be left without. Reactivate it first.',
        heldExpired:
          'Have one to the other model that is past its end, so theirs stays: give it a later end first.',
        heldPending: 'Have a request for the other model, so theirs stays: approve or deny it first.',
      },
      keys_one:
        '{{count}} key gets the one in place of the other. LiteLLM is told its whole list by one call: at no moment it has neither.',
      keys_other:
        '{{count}} keys get the one in place of the other. LiteLLM is told each list by one call: at no moment a key has neither.',
      keysOfAll_one: '{{count}} key may use every model: nothing in it changes.',
      keysOfAll_other: '{{count}} keys may use every model: nothing in them changes.',
      otherKeys:
        'Name the model without a subscription that is replaced, and keep it: change their lists by hand.',
      usageStays: 'What was used stays with the subscriptions that end, and in all charts.',
      heldSince: 'The subscription to the other model is not as it was any more: look at it again.',
      gotKey: 'The person got another key with the model since you looked.',
      usedSince: 'The subscription to the other model was used since you looked.',
      endsInstead:
        'Were used since, or a key was made for them: they end instead of being taken back, and what was used stays with them.',
    },
    retire: {
      subscriptions_one: '{{count}} subscription ends, of {{names}}.',
      subscriptions_other: '{{count}} subscriptions end, of {{names}}.',
      pending_one: '{{count}} pending request is turned down, of {{names}}.',
      pending_other: '{{count}} pending requests are turned down, of {{names}}.',
      keysEnd_one:
        '{{count}} key would be left without a model, which in LiteLLM means all of them. It is blocked: {{names}}.',
      keysEnd_other:
        '{{count}} keys would be left without a model, which in LiteLLM means all of them. They are blocked: {{names}}.',
      keysStay_one:
        '{{count}} key keeps working with its other models, and keeps this name in its list: {{names}}.',
      keysStay_other:
        '{{count}} keys keep working with their other models, and keep this name in their lists: {{names}}.',
      usageStays: 'Recorded usage and prices stay.',
      tooMany:
        'More than {{limit}} subscriptions to one model would end at once, and usage would wait for it. Cancel them first, in the list of subscriptions.',
      keyHasModel: 'A key that would be blocked has another model by now.',
      gotMore: 'The model got another subscription or key since you looked.',
      gotMoreHint: 'Nothing was changed. Look at it again.',
    },
    isOfLitellm:
      'Comes from LiteLLM: what it is, costs and can do is changed there, and each pull writes it here. Its description, and whether it is active, are set here.',
    worksThere:
      'LiteLLM does not hear of it: keys that name the model go on working there until it is taken out of the proxy.',
    subscribed_one: '{{count}} subscription to it is open and stays as it is, of {{names}}.',
    subscribed_other: '{{count}} subscriptions to it are open and stay as they are, of {{names}}.',
    pending_one: '{{count}} request for it is pending, of {{names}}.',
    pending_other: '{{count}} requests for it are pending, of {{names}}.',
    keysAlone_one:
      '{{count}} key that works has no other active model: {{names}}. It stays as it is; “Retire” blocks it.',
    keysAlone_other:
      '{{count}} keys that work have no other active model: {{names}}. They stay as they are; “Retire” blocks them.',
    keysOthers_one: '{{count}} key that works names it beside other models: {{names}}.',
    keysOthers_other: '{{count}} keys that work name it beside other models: {{names}}.',
    keysOfAll_one: '{{count}} key that works may use every model, this one too.',
    keysOfAll_other: '{{count}} keys that work may use every model, this one too.',
  },
  members: {
    defaultTeam: 'Everybody belongs to the Default Team: LiteMaaS makes them members again when it starts.',
    hasKeys: 'Keys that work in the team would be left without a member: {{names}}.',
    hasKeysHint: 'Nothing was changed. Look at it again.',
    alreadyThere: 'Already in the team: {{names}}.',
    inactive: 'Switched off: {{names}}.',
    teamOff: 'The team {{names}} is switched off: its keys are refused until it is reactivated.',
    keysEnd:
      'LiteLLM deletes the keys that a member has in the team. They are switched off here, and their values cannot come back once LiteLLM was told: {{names}}.',
    keysKept: 'Kept as personal keys, taken out of the team first: {{names}}.',
    noCeiling:
      'The budget of the team no longer limits these keys, and they have none of their own: {{names}}.',
    keysMove: 'Keys that move along, under the limits of the other team: {{names}}.',
    wider: 'Without the team these keys could use models that it does not allow: {{names}}.',
    widerHint: 'Give them a list of models of their own first, or let them end.',
    sameTeam: 'They are members of this team already.',
  },
};
