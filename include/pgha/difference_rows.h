/*
 * The table of differences: what pgha does under its own name that patronictl does not do. Included by differs.h for
 * the ids and by base/differences.c for the texts, so that these two are the same; ROW(ID, AREA, PATRONICTL, PGHA), and
 * MORE for another line on the same difference. The manual prints the rows in this order, with AREA as a heading. Texts
 * are plain, `bold` between backticks.
 */
ROW(DIFF_EXIT_STATUS, "All commands", "Exit status 0, 1 or 2; many operations that a member refused end with 0.",
    "3, 4 and 5 as well: see EXIT STATUS.")
ROW(DIFF_TIMEOUTS, "All commands",
    "Asks a store that does not answer for 10 seconds, and waits up to an hour for each member.",
    "`--timeout` bounds the store and the members together, 5 seconds, and `--operation-timeout` what members work on, "
    "300 seconds.")
ROW(DIFF_HUNG_MEMBER, "All commands", "A member that hangs while it restarts PostgreSQL or hands over is waited for.",
    "Such a member is asked meanwhile whether it is still there, and given up when it is not: the outcome is unknown.")
ROW(DIFF_ODD_ANSWERS, "All commands",
    "Takes any answer with status 200 or 202 from a member for success, whatever it says.",
    "Only what Patroni says. Another answer (a page, nothing, a proxy's 502) is an unknown outcome; where the store "
    "can tell, it is asked.")
ROW(DIFF_INTERRUPTED, "All commands", "Ctrl-C while a member works on a request: \"Aborted!\", status 1.",
    "Says that the outcome is not known, status 4, where one request is all that a command sends.")
ROW(DIFF_SENT_ONCE, "All commands",
    "Requests other than POST and PATCH are sent up to three times more when the connection ends without an answer.",
    "Every request is sent once.")
ROW(DIFF_SEQUENTIAL_MEMBERS, "All commands", "Members are asked one after the other.",
    "`reload` and `version` ask all at once.")
ROW(DIFF_MISSING_CLUSTER, "All commands",
    "A cluster that does not exist is an empty table, no output, or an error about something else.",
    "An error that names the clusters that exist.")
ROW(DIFF_MISSING_GROUP, "All commands",
    "A Citus cluster without group, or with a group that does not exist, looks like an empty one.",
    "An error that names the groups.")
ROW(DIFF_NO_NAME, "All commands",
    "Without a name and a configured scope, `list` and `topology` log a warning and end with status 0, others die.",
    "An error, status 1.")
ROW(DIFF_NO_QUORUM, "All commands", "A store that has lost its quorum ends in a traceback.",
    "An error that says so, status 5.")
ROW(DIFF_PASSWORD_SHOWN, "All commands", "A password in `-d` is shown by ps and in messages.",
    "It is not, once the program has begun to work, under both names.")
ROW(DIFF_DCS_URL, "All commands", "Passes over user and password in `-d`.", "They count.")
MORE(DIFF_DCS_URL, "All commands",
     "Several hosts in `-d`, such as `etcd3://h1:2379,h2:2379`, are an error or one odd name.",
     "All of them are asked.")
MORE(DIFF_DCS_URL, "All commands",
     "Passes over a query and a fragment in `-d`, and takes `etcd3:http://HOST` for a host \"etcd3\".", "Errors.")
ROW(DIFF_PERCENT_ENCODING, "All commands", "Does not decode percent-encoding in `-d` and in `url`.",
    "Decodes it in user names, passwords, and the namespace of `-d`.")
ROW(DIFF_ODD_CLUSTER_NAMES, "All commands",
    "Takes an empty name, `.`, `..` and names with a slash for clusters, and looks elsewhere in the store.",
    "An empty name is none; the others are errors.")
ROW(DIFF_ETCD2_PATHS, "All commands",
    "With etcd's v2 API, a name with `?`, `#` or `%` leads to the key of another name.", "It leads to its own key.")
ROW(DIFF_SUGGESTIONS, "All commands", "A command that does not exist is \"No such command\".",
    "Those that it resembles are named.")
ROW(DIFF_LONG_ERRORS, "All commands", "An error is as long as what a server or store says in it.",
    "At most 4096 bytes of it are shown.")
ROW(DIFF_WAITING_SHOWN, "All commands", "Says nothing while a member or the store is waited for.",
    "A terminal shows who is waited for, and for how long.")
ROW(DIFF_HELP, "All commands", "`--help` lists the commands by name.",
    "`--help` groups the commands, and describes commands and options in its own words.")
ROW(DIFF_SYSTEM_CONFIG, "All commands", "Looks for a configuration in the user's folder only.",
    "Then also for /etc/patroni/config.yml, /etc/patroni/patroni.yml and Debian's /etc/patroni/*.yml.")
ROW(DIFF_CONFIG_ERRORS, "All commands",
    "Errors of the configuration name neither file nor cure, or come from a server.",
    "They name file or variable, key, value and cure.")
ROW(DIFF_CONFIG_CHECKS, "All commands",
    "Servers of the store that cannot be right, such as placeholders, lists in quotes, and names with blanks or "
    "invisible characters, are asked like any other.",
    "They are errors that name key, value and cure; nothing is asked.")
ROW(DIFF_HOSTS_ITEM_COMMA, "All commands", "An item of the list `hosts` with a comma in it is an error.",
    "It is several servers.")
ROW(DIFF_CONFIG_UNREADABLE, "All commands",
    "A configuration that was named and cannot be read: \"not existing or no read rights\".", "The reason.")
ROW(DIFF_EMPTY_FOLDER, "All commands", "A configuration folder without YAML files is an empty configuration.",
    "An error.")
ROW(DIFF_REPEATED_KEYS, "All commands", "Of a key that a mapping has twice, the last one counts.",
    "Also, with a warning that names file and line.")
ROW(DIFF_TEXT_AS_WRITTEN, "All commands",
    "Passwords, user names, scope and namespace are what YAML takes them for: `0123` becomes 83, `yes` becomes True.",
    "They are the text in the file.")
MORE(DIFF_TEXT_AS_WRITTEN, "All commands", "An empty password is none.", "It is an empty password.")
ROW(DIFF_SCOPE_NOT_TEXT, "All commands",
    "A scope that is a list or a mapping is a name, and a namespace that is one ends in a traceback.",
    "An error that names the file.")
ROW(DIFF_SCOPE_LINE_END, "All commands",
    "A line end in `scope`, as in a file with Windows line ends, is a part of the name.",
    "An error that shows where it is.")
ROW(DIFF_PLACEHOLDERS, "All commands",
    "A placeholder that nothing has replaced, such as `${SCOPE}`, is a scope or a namespace.",
    "An error that names the place.")
ROW(DIFF_CITUS_GROUP_TRUE, "All commands", "In the section `citus`, the group `true` is group 1.",
    "The section does not count, after a warning.")
ROW(DIFF_EMPTY_NAMES, "All commands", "An empty scope, namespace or name in the configuration is a name.",
    "As good as missing.")
ROW(DIFF_CREDENTIALS_PLAIN, "All commands",
    "Sends user and password to members with an `api_url` of http:// in any case.",
    "Not where `ctl.cacert` or `ctl.certfile` says that members speak TLS.")
ROW(DIFF_CREDENTIALS_UTF8, "All commands",
    "Credentials are sent to members and to etcd's v2 API as Latin-1; other characters are an error.", "As UTF-8.")
ROW(DIFF_HOST_SCHEME, "All commands",
    "`host`, or an element of `hosts`, in the section `etcd` or `etcd3` that has a scheme is an error.",
    "The scheme counts.")
ROW(DIFF_NULL_HOSTS, "All commands", "A null in `hosts` is an error, one in `srv` a domain.", "As good as missing.")
ROW(DIFF_PORT_QUOTED, "All commands", "Dies of `host` together with a `port` between quotes.", "Accepts it.")
ROW(DIFF_INSECURE_TEXT, "All commands", "Any text but an empty one switches `insecure` on, \"false\" as well.",
    "It is read as a boolean; other text is an error.")
ROW(DIFF_INSECURE_CERTIFICATE, "All commands",
    "With a client certificate, `-k` and `insecure` only drop the check of the host's name.",
    "They drop all checks of the member's certificate.")
ROW(DIFF_REFUSED_WRITE, "All commands", "A store that refuses a write is a line in the log and status 0.",
    "An error, with the reason.")
ROW(DIFF_ABORTED_WRITE, "All commands", "Ctrl-C while the store is written: \"Aborted!\".",
    "Also a line that it is not known whether the write has happened.")
ROW(DIFF_CONTROL_CHARACTERS, "All commands",
    "A terminal gets the escape sequences and invisible characters that values in the store contain.",
    "They are taken out at a terminal, or shown as in `\\u202e`, under both names.")
ROW(DIFF_TABS, "All commands", "A tab in a value shifts the columns of a table.",
    "At a terminal it is shown as a blank.")
ROW(DIFF_RAW_REDIRECTED, "All commands", "Takes colours out of values when the output is redirected.",
    "Redirected output has the bytes of the store.")
ROW(DIFF_COLOURS, "All commands", "Tables and messages have no colours.", "At a terminal they have: see AT A TERMINAL.")
ROW(DIFF_FITTING_TABLES, "All commands", "A terminal wraps tables that are too wide.",
    "Tables of members lack the columns that have no room.")
ROW(DIFF_PAGER, "All commands", "A table that is longer than the screen scrolls away.", "It goes through a pager.")
ROW(DIFF_LESS_SECURE, "All commands", "In the pager `less`, keys start programs and write files.",
    "`less` gets LESSSECURE=1 and does neither.")
ROW(DIFF_PAGER_FAILURE, "All commands", "When the pager fails, nothing is shown, and no error.",
    "A warning, and the text without pager.")
ROW(DIFF_COMPLETION, "All commands",
    "Completion offers commands, options and choices; for a command with defaults from the configuration it ends in a "
    "traceback.",
    "Offers clusters and members as well.")
ROW(DIFF_OWN_OPTIONS, "All commands",
    "Has no `--timeout`, `--operation-timeout`, `--color`, `--no-pager`, `--debug` and `--version`.", "Has them.")
ROW(DIFF_OWN_COMMANDS, "All commands", "Has no command `shell`.", "Has it.")
ROW(DIFF_SRV_TLS, "All commands", "With `srv`, servers without TLS are asked when no record names one with TLS.",
    "Not with `protocol: https`, `cacert` or `cert`.")
ROW(DIFF_SERVERS_LIMIT, "All commands", "Any number of servers of etcd is learned.", "At most 64.")
ROW(DIFF_NAME_LINE_END, "All commands",
    "A name on the command line with a line end or a blank at an end is the name of another member.",
    "An error that shows it.")
ROW(DIFF_USAGE_ERRORS, "All commands",
    "Wrong usage that the parser does not see, such as `query` without `-c`, `-r` with `-m`, or a `--scheduled` that "
    "is no time: status 1, some of it after questions.",
    "Status 2, before anything is asked.")

ROW(DIFF_NO_MEMBER_IN_ROLE, "Commands with MEMBER_NAMES",
    "No member in the wanted role: \"cluster doesn't have any members\".", "An error that names the role.")
ROW(DIFF_UNKNOWN_MEMBERS, "Commands with MEMBER_NAMES",
    "Members that do not exist are passed over as long as one of the names fits.",
    "An error that lists the members. Nothing is done.")
ROW(DIFF_MEMBER_NOT_IN_ROLE, "Commands with MEMBER_NAMES",
    "A named member that has not the wanted role is passed over.", "An error. Nothing is done.")
ROW(DIFF_MEMBER_FOR_CLUSTER, "Commands with MEMBER_NAMES",
    "`reload pg1`, where the cluster's name is missing, is about a cluster pg1.",
    "With a configured scope, no cluster pg1 and a member pg1, that member is meant; a line on stderr says so. Also "
    "`restart`, `reinit` and `flush`.")
ROW(DIFF_MEMBER_UNREACHABLE, "Commands with MEMBER_NAMES", "The first member that cannot be reached ends the command.",
    "Every member gets its request and its line, except that a restart stops.")
MORE(DIFF_MEMBER_UNREACHABLE, "Commands with MEMBER_NAMES", "A member without `api_url` ends the command.",
     "It has a line of its own.")
ROW(DIFF_CREDENTIALS_EXPLAINED, "Commands with MEMBER_NAMES", "Status 401 is a line like any other.",
    "An explanation on stderr names file and section at fault.")
ROW(DIFF_ABORTED_REQUEST, "Commands with MEMBER_NAMES", "Ctrl-C during a request: \"Aborted!\".",
    "Also a line that the outcome for this member is unknown.")

ROW(DIFF_NO_CONFIG, "show-config", "A cluster without configuration in the store: no output, status 0.",
    "An error, status 1.")
ROW(DIFF_MALFORMED_CONFIG, "show-config", "A configuration in the store that is no JSON object: `{}`, status 0.",
    "An error, status 1.")

ROW(DIFF_RECEIVE_LAG, "list and topology",
    "A replica that reports a receive position behind what it has replayed, as after its restart, has a receive lag.",
    "What it has replayed counts as received.")
ROW(DIFF_OVERDUE, "list and topology", "A scheduled switchover whose time has passed looks like any other.",
    "It is called overdue.")
ROW(DIFF_GROUP_WITHOUT_CITUS, "list and topology",
    "`--group` on a cluster that is no Citus cluster shows an empty one.", "An error that says so.")
ROW(DIFF_LIST_NO_QUORUM, "list and topology", "A store that has lost its quorum is an error.",
    "Also, but what one of its servers has is shown as unverified, after the members were asked about it; status 5.")
ROW(DIFF_LIST_NO_STORE, "list and topology", "A store that cannot be asked is an error.",
    "Also, but what this node's Patroni has, if the configuration names its REST API, is shown as unverified, after "
    "the members were asked about it; status 5.")
MORE(DIFF_OWN_OPTIONS, "list and topology", "Has no `--unverified`.",
     "With it, JSON, TSV and YAML show what is unverified, with a column `Unverified`; without it, nothing.")
MORE(DIFF_OWN_OPTIONS, "list and topology", "Has no `--wide`.",
     "With it, all columns are shown, also where the terminal is too narrow.")
ROW(DIFF_LIST_GOES_ON, "list and topology", "Of several clusters, one that is broken ends the command.",
    "The others are shown; then comes the error.")
ROW(DIFF_WATCH_REDRAW, "list and topology", "Watching clears the screen before each redraw.",
    "Draws over the screen, without flicker, cuts long lines, and leaves the last state on the terminal.")
ROW(DIFF_WATCH_GOES_ON, "list and topology", "Watching ends with the first failure.",
    "After one success it goes on, and says of when the shown state is.")
ROW(DIFF_WATCH_CTRL_C, "list and topology", "Ctrl-C ends watching with \"Aborted!\" and status 1.", "With status 0.")

ROW(DIFF_QUERY_SQL_ERROR, "query", "An SQL error is a row, status 0.",
    "A row only with tsv and pretty; the message on stderr, status 3.")
ROW(DIFF_QUERY_UNREACHABLE, "query", "A member that cannot be reached is a row, status 0.", "Likewise, status 5.")
ROW(DIFF_QUERY_LOST, "query", "A connection that is lost under the query is a row, status 0.", "Likewise, status 4.")
ROW(DIFF_QUERY_NOT_ASKED, "query", "No member with the wanted role is a row, status 0.", "Likewise, status 1.")
ROW(DIFF_QUERY_UNKNOWN_MEMBER, "query", "An unknown member is a row, status 0.", "An error that lists the members.")
ROW(DIFF_QUERY_TAG, "query", "A statement without rows: \"no results to fetch\".",
    "Its tag, such as CREATE TABLE; `[]` in JSON and YAML.")
MORE(DIFF_QUERY_NOT_ASKED, "query", "COPY and empty statements: a row, status 0.", "An error, status 1.")
ROW(DIFF_QUERY_UNPYTHONIC, "query",
    "Values that Python cannot hold, such as the date infinity, years after 9999 or before Christ, are errors, or "
    "other values.",
    "PostgreSQL's own text.")
ROW(DIFF_QUERY_BINARY, "query", "A binary value prints as an address in memory, or is an error.",
    "It is PostgreSQL's text, `\\x00ff`.")
ROW(DIFF_QUERY_JSON_TEXT, "query",
    "A value that JSON or YAML has no form for is an error, such as a numeric or, in JSON, a date.",
    "It is PostgreSQL's text.")
ROW(DIFF_QUERY_FORMAT, "query", "An unknown `--format` prints nothing.", "An error, status 2.")
MORE(DIFF_QUERY_CONN_KWARGS, "query",
     "A member without address: with `-d`, connects to wherever libpq's defaults lead.", "An error.")
ROW(DIFF_QUERY_TIMEOUT, "query", "Waits for a result as long as it takes.",
    "`--timeout` to connect and `--operation-timeout` in all; then the query is cancelled: status 3, or 4 when the "
    "server does not say so, or has sent more than 1 GiB.")
ROW(DIFF_QUERY_CONN_KWARGS, "query",
    "All of `conn_kwargs` in the store reaches libpq: files to read, options of the session, a way without TLS.",
    "Host and port only, and `sslmode` and `channel_binding` where they are stricter than your own.")
ROW(DIFF_QUERY_CLEAR_PASSWORD, "query", "A server that asks for the password in clear gets it.",
    "With libpq 16 or later only one whose certificate is verified, unless `PGREQUIREAUTH` says otherwise.")
ROW(DIFF_QUERY_FILE_NUL, "query", "A file is read up to its first NUL byte.", "An error.")
ROW(DIFF_QUERY_APPLICATION, "query", "The application's name is \"Patroni ctl\".", "It is pgha.")

ROW(DIFF_DSN_UNKNOWN_MEMBER, "dsn", "An unknown member: \"Can not find a suitable member\".",
    "An error that lists the members.")
MORE(DIFF_DSN_ODD_HOST, "dsn", "Prints `host=None` for a member whose address has no host.", "An error.")
ROW(DIFF_DSN_ODD_HOST, "dsn", "Prints whatever the store has for host and port.",
    "An error unless they are a host and a port.")

ROW(DIFF_VERSION_OWN, "version", "Prints the version of patronictl.", "Prints that of pgha.")
ROW(DIFF_VERSION_UNKNOWN_MEMBERS, "version", "Leaves out unknown members.", "An error that lists the members.")
ROW(DIFF_VERSION_NO_API_URL, "version", "Leaves out members without `api_url`.", "Each has a line.")
ROW(DIFF_VERSION_STATUS, "version", "Status 0 whoever answers.",
    "3 if some members failed, 5 if nobody could be reached.")
ROW(DIFF_VERSION_NOT_JSON, "version", "An answer that is not JSON: what the parser says of it.",
    "Says as well that the answer is not JSON.")

ROW(DIFF_TIME_UNKNOWN_ZONE, "restart and switchover with a time",
    "A time zone that is not known is the local one, after a warning.", "An error.")
ROW(DIFF_TIME_AMBIGUOUS, "restart and switchover with a time",
    "Reads GMT+2 as two hours west of Greenwich, and makes up a moment for a local time that a clock change skips or "
    "repeats.",
    "Also, with a warning that names the moment.")

ROW(DIFF_RESTART_ORDER, "restart", "Restarts the members in the order of their names.", "Replicas before the leader.")
ROW(DIFF_RESTART_STOPS, "restart", "Goes on after a member that failed.",
    "Stops, and names the members that were not restarted; with `--keep-going`, it goes on as well. A scheduled "
    "restart that one member refuses does not keep the others from theirs.")
ROW(DIFF_RESTART_TIMEOUT, "restart", "Sends the value of `--timeout` as it is.",
    "A value that Patroni refuses is an error before anything is sent, status 2.")

ROW(DIFF_REINIT_ONE_BY_ONE, "reinit",
    "With `--wait`, all members that are named are built at once, whatever becomes of one.",
    "One after the other, up to the first that fails; `--keep-going` builds all at once. Without `--wait`, all are "
    "asked.")
ROW(DIFF_REINIT_NO_MEMBER_NAMED, "reinit", "An empty answer to the question for a member is the name of no member.",
    "\"No member was named\".")
ROW(DIFF_REINIT_FORCE, "reinit", "With `--force` and no member, does nothing, status 0.", "An error, status 2.")
ROW(DIFF_REINIT_DONE, "reinit",
    "`--wait` is over when the member does not say \"creating replica\": also before it began, and after it failed.",
    "Over when PostgreSQL runs anew. A failure is one, status 3.")
ROW(DIFF_REINIT_SILENCE, "reinit", "`--wait` ends with an error when a member cannot be asked once.",
    "Silence of a minute, Patroni's restart before the copy was seen, or no sign of the copy within "
    "`--operation-timeout`: unknown, status 4.")
MORE(DIFF_RESTART_STOPS, "reinit", "Says nothing of the members that it did not come to.", "Names them.")

ROW(DIFF_HANDOVER_WATCHED, "switchover and failover",
    "When it went through the store: the cluster as it was, status 0.",
    "What becomes of the request is watched for `ttl` and one `loop_wait`: 0 when the candidate leads, 3 when not, 4 "
    "when nothing happened yet.")
ROW(DIFF_HANDOVER_THROUGH_STORE, "switchover and failover",
    "Without an answer, whatever the reason, it goes through the store.",
    "Only when the member cannot be reached. A TLS failure is an error, status 3; an answer that does not come an "
    "unknown outcome, status 4.")
ROW(DIFF_HANDOVER_CREDENTIALS, "switchover and failover", "A 401 is a line, status 0.",
    "An error that names file and section, status 3.")
ROW(DIFF_HANDOVER_WAIT, "switchover and failover", "The answer is waited for up to an hour.",
    "As long as Patroni itself tries, at most `--operation-timeout`.")
ROW(DIFF_HANDOVER_CANDIDATE, "switchover and failover",
    "A candidate that does not exist, or must not lead: \"does not exist in cluster or is tagged as nofailover\".",
    "An error that lists the members, or one that names the tag.")
ROW(DIFF_HANDOVER_NO_CANDIDATE, "switchover and failover", "No member may take over: \"No candidates found\".",
    "An error that says of every member why.")
ROW(DIFF_HANDOVER_SYNC_CANDIDATES, "switchover and failover", "Offers every replica as a candidate.",
    "In synchronous mode, a switchover at once offers synchronous standbys only.")
ROW(DIFF_HANDOVER_REPLACES, "switchover and failover", "Replaces a scheduled switchover without a word.",
    "A warning before the first question; another one when it is overdue.")
ROW(DIFF_HANDOVER_OTHER_LEADER, "switchover and failover", "Another member than the named one took over: status 0.",
    "Status 3.")
ROW(DIFF_HANDOVER_UNKNOWN, "switchover and failover",
    "A member that stopped waiting for the end (\"status unknown\") has \"failed\", status 0.",
    "\"result unknown\", status 4.")
ROW(DIFF_HANDOVER_EXPLAINED, "switchover and failover", "A refusal (412) is the member's own sentence.",
    "Another line says what keeps the candidate from leading.")
ROW(DIFF_HANDOVER_NOT_SHOWN, "switchover and failover", "A result that cannot be shown afterwards is an error.",
    "A warning, under both names: the switchover has happened.")

ROW(DIFF_FLUSH_STORE, "flush switchover",
    "The store is changed when no member discarded the switchover, whatever the members answered.",
    "Only when no member answered; otherwise an error, status 3.")
ROW(DIFF_FLUSH_CREDENTIALS, "flush switchover", "Goes on to the next member after a 401 or a TLS failure.",
    "Ends with an error, status 3.")
ROW(DIFF_FLUSH_NONE, "flush switchover", "There is none any more (404): status 0.", "Status 3.")
ROW(DIFF_FLUSH_CHANGED_KEY, "flush switchover", "Says nothing when somebody else changed the key meanwhile.",
    "A success when nothing is scheduled any more, an error otherwise, status 3; the key stays.")

ROW(DIFF_PAUSE_UNREACHABLE, "pause and resume", "Nobody could be reached: status 1.", "With the reason, status 5.")
ROW(DIFF_PAUSE_TLS, "pause and resume", "No TLS connection to any member: status 1.",
    "With the file at fault, status 3.")
ROW(DIFF_PAUSE_CREDENTIALS, "pause and resume", "After a 401 a line, status 0.",
    "An error that names file and section, status 3.")
ROW(DIFF_PAUSE_SILENT_MEMBERS, "pause and resume", "`--wait` takes members that report nothing for gone.",
    "They are named, status 4.")
ROW(DIFF_RESUME_UNCONFIRMED, "pause and resume", "`resume --wait`: members \"didn't recognized pause state\".",
    "Names what was not confirmed, and by whom.")

ROW(DIFF_EDIT_TERMINAL, "edit-config", "Starts an editor whatever standard input and output are.",
    "Without a terminal an error that names `-s`, `--apply` and `--replace`.")
ROW(DIFF_EDIT_NOT_YAML, "edit-config", "Text that is not YAML is lost.",
    "It can be edited again, or stays in a file that the error names.")
ROW(DIFF_EDIT_KEPT, "edit-config", "What was typed is lost when the write fails.",
    "It stays in a file that the error names.")
ROW(DIFF_EDIT_REFUSED, "edit-config", "A store that refuses the write: \"aborted due to concurrent changes\".",
    "The reason.")
ROW(DIFF_EDIT_MAPPING, "edit-config", "Takes a list or a scalar from the editor for a configuration.",
    "Asks to edit again.")
ROW(DIFF_EDIT_DATES, "edit-config", "Dates, which JSON has not, are found when the change is written.",
    "Before any question.")
ROW(DIFF_EDIT_DIFF, "edit-config",
    "At a terminal changes are in colours and go through a pager; without one there is an error.",
    "Colours as `--color` decides, a pager only for what does not fit; without one they are printed.")
ROW(DIFF_EDIT_PROGRAMS, "edit-config", "EDITOR and PAGER are the name or path of one program.",
    "They may have arguments, and a blank PAGER is none.")
ROW(DIFF_EDIT_CHECKS, "edit-config",
    "Sets a setting of Patroni as a parameter of PostgreSQL, text for a number, or a mapping in the place of a list.",
    "Refuses it, with the reason, unless `--force` comes with `--no-check`.")

ROW(DIFF_REMOVE_GROUP, "remove", "Shows any Citus group as group 0.", "As the group that will go.")

ROW(DIFF_ROLE_MASTER, "demote-cluster and promote-cluster",
    "Do not know master, the name of the primary before Patroni 4.0.", "Do.")
ROW(DIFF_ROLE_WAIT, "demote-cluster and promote-cluster", "Wait for ever for the new role.",
    "`--operation-timeout`, then status 4.")
ROW(DIFF_ROLE_REFUSAL, "demote-cluster and promote-cluster", "A refusal is told twice in one line, status 1.",
    "Once; status 3, 4 or 5.")
