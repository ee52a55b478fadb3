namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class ConfigurationBadValueTests
{
    [Theory]
    [InlineData("[]", "1:1: expected a map with listen, trustedProxies, tls, state, limits, webhooks and apps, found a list")]
    [InlineData("just text", "1:1: expected a map with listen, trustedProxies, tls, state, limits, webhooks and apps, found 'just text'")]
    [InlineData("apps: [web]", "1:7: apps: expected a map from names to apps, found a list")]
    [InlineData("apps: web", "1:7: apps: expected a map from names to apps, found 'web'")]
    [InlineData("state: [/x]", "1:8: state: expected a folder, found a list")]
    [InlineData("state: ''", "1:8: state: must not be empty: write a folder, or remove the key")]
    [InlineData("state: ~/x", "1:8: state: '~' is not expanded: write the full path instead of '~/x'")]
    [InlineData("state: s3://x/y", "1:8: state: 's3://x/y' is a URL: only paths of this machine work")]
    [InlineData("listen: {port: 1}", "1:9: listen: expected an address such as http://127.0.0.1:8080, found a map")]
    [InlineData("listen: [[80]]", "1:10: listen: expected an address such as http://127.0.0.1:8080, found a list")]
    [InlineData("listen: [80, ~]", "1:14: listen: expected an address such as http://127.0.0.1:8080, found nothing")]
    [InlineData("listen: []", "1:9: listen: needs an address; remove the key for the default, http://127.0.0.1:8080")]
    [InlineData("listen: [8080, http://127.0.0.1:8080]", "1:16: listen: http://127.0.0.1:8080 is listed twice")]
    [InlineData("listen: [8080, ':8080']", "1:16: listen: http://[::]:8080 collides with http://127.0.0.1:8080: one includes the other")]
    [InlineData(
        "listen: [http://localhost:80, http://127.0.0.1:80]",
        "1:31: listen: http://127.0.0.1:80 collides with http://localhost:80: one includes the other")]
    [InlineData("listen: [http://*:80, https://*:443]", "1:9: listen: https://[::]:443 needs a certificate: add one under tls.certificates")]
    [InlineData("listen: http://*:80?proxyProtocol", "1:9: listen: '?proxyProtocol' is no option of a listen address: the only one is ?proxyProtocol=required")]
    [InlineData(
        "listen: ['http://*:80?proxyProtocol=required', ':80']", "1:48: listen: http://[::]:80 collides with http://[::]:80?proxyProtocol=required: one includes the other")]
    [InlineData("trustedProxies: true", "1:17: trustedProxies: 'true' is neither an address nor a network: write for example 10.0.0.0/8, fd00::/8 or 192.0.2.7")]
    [InlineData("trustedProxies: {a: b}", "1:17: trustedProxies: expected a network such as 10.0.0.0/8, found a map")]
    [InlineData("trustedProxies: [127.0.0.1, ~]", "1:29: trustedProxies: expected a network such as 10.0.0.0/8, found nothing")]
    [InlineData("trustedProxies: [10.0.0.0/33]", "1:18: trustedProxies: '10.0.0.0/33' needs a number from 0 to 32 behind the '/'")]
    [InlineData(
        "trustedProxies:\n- 10.0.0.1\n- 10.0.0.1/8",
        "3:3: trustedProxies: '10.0.0.1/8' is an address within a network: write 10.0.0.0/8 for that, 10.0.0.1 for the address alone")]
    [InlineData("trustedProxies: [10.0.0.7, 10.0.0.7/32]", "1:28: trustedProxies: 10.0.0.7 is listed twice")]
    [InlineData("tls: site.pem", "1:6: tls: expected a map with certificates and redirect, found 'site.pem'")]
    [InlineData("tls: {redirect: yes}", "1:17: tls.redirect: unknown value 'yes'; the values are true and false")]
    [InlineData("tls: {certificates: site.pem}", "1:21: tls.certificates: expected a map with hosts, certificate, key and password, found 'site.pem'")]
    [InlineData("tls: {certificates: [~]}", "1:22: tls.certificates: expected a map with hosts, certificate, key and password, found nothing")]
    [InlineData("tls: {certificates: [{key: a.pem}]}", "1:22: tls.certificates: needs a certificate: the path of a PEM or PFX file")]
    [InlineData("tls: {certificates: [{certificate: ''}]}", "1:36: tls.certificates.certificate: must not be empty: write a PEM or PFX file, or remove the key")]
    [InlineData("tls: {certificates: [{certificate: a, password: [SECRET]}]}", "1:49: tls.certificates.password: expected a password, found a list")]
    [InlineData("tls: {certificates: [{certificate: a, hosts: 'a:443'}]}", "1:46: tls.certificates.hosts: 'a:443' has a port: write the host name without it, an app answers on every port the front listens on")]
    [InlineData(
        "tls: {certificates: [{certificate: a, hosts: [x.com, y.com]}, {certificate: b, hosts: Y.com}]}",
        "1:63: tls.certificates: y.com has the certificate /etc/bluegreen/a already: take the host out of one of the two")]
    [InlineData("limits: 100", "1:9: limits: expected a map with connections, headers, keepAlive, requestRate, responseRate and grace, found '100'")]
    [InlineData("limits: {connections: 0}", "1:23: limits.connections: expected a whole number from 1 to 1000000, found '0'")]
    [InlineData("limits: {headers: 0}", "1:19: limits.headers: must be more than zero")]
    [InlineData("limits: {keepAlive: 0s}", "1:21: limits.keepAlive: must be more than zero")]
    [InlineData("limits: {requestRate: -1}", "1:23: limits.requestRate: expected a whole number from 0 to 1000000000, found '-1'")]
    [InlineData("limits: {responseRate: 1.5}", "1:24: limits.responseRate: expected a whole number from 0 to 1000000000, found '1.5'")]
    [InlineData("webhooks: https://x/SECRET", "1:11: webhooks: expected a map with url, secret, secretFile, events and apps, found 'https://x/SECRET'")]
    [InlineData("webhooks: [{secret: SECRET}]", "1:12: webhooks: needs a url")]
    [InlineData("webhooks: [{url: ftp://x/SECRET}]", "1:18: webhooks.url: must be an http:// or https:// URL without a user")]
    [InlineData("webhooks: [{url: 'https://a:SECRET@x/'}]", "1:18: webhooks.url: must be an http:// or https:// URL without a user")]
    [InlineData("webhooks: [{url: http://x, secret: ''}]", "1:36: webhooks.secret: must not be empty")]
    [InlineData("webhooks: [{url: http://x, secret: a, secretFile: b}]", "1:12: webhooks: has a secret and a secretFile: remove one of them")]
    [InlineData("webhooks: [{url: http://x, events: [failde]}]", "1:37: webhooks.events: unknown value 'failde'; did you mean 'failed'?")]
    [InlineData("webhooks: [{url: http://x, events: [failed, failed]}]", "1:45: webhooks.events: 'failed' is there already")]
    [InlineData("limits: {grace: 1s}", "1:17: limits.grace: must be more than 1s")]
    public void A_bad_value_at_the_top_is_an_error(string text, string error)
    {
        Assert.Equal(error, Assert.Single(Yaml.Errors(text)));
    }

    [Theory]
    [InlineData("instances: 0", "3:16: apps.web.instances: expected a whole number from 1 to 100, found '0'")]
    [InlineData("instances: -1", "3:16: apps.web.instances: expected a whole number from 1 to 100, found '-1'")]
    [InlineData("instances: 101", "3:16: apps.web.instances: expected a whole number from 1 to 100, found '101'")]
    [InlineData("instances: 2.5", "3:16: apps.web.instances: expected a whole number from 1 to 100, found '2.5'")]
    [InlineData("instances: '2'", "3:16: apps.web.instances: expected a whole number from 1 to 100, found the text '2'")]
    [InlineData("instances: two", "3:16: apps.web.instances: expected a whole number from 1 to 100, found 'two'")]
    [InlineData("instances: 99999999999", "3:16: apps.web.instances: expected a whole number from 1 to 100, found '99999999999'")]
    [InlineData("instances: [2]", "3:16: apps.web.instances: expected a whole number from 1 to 100, found a list")]
    [InlineData("bind: tpc", "3:11: apps.web.bind: unknown value 'tpc'; did you mean 'tcp'?")]
    [InlineData("bind: TCP", "3:11: apps.web.bind: unknown value 'TCP'; did you mean 'tcp'?")]
    [InlineData("bind: pipe", "3:11: apps.web.bind: unknown value 'pipe'; the values are auto, tcp and unix")]
    [InlineData("bind: [tcp]", "3:11: apps.web.bind: expected auto or tcp or unix, found a list")]
    [InlineData("command: ''", "3:14: apps.web.command: must not be empty: write a command line, or remove the key")]
    [InlineData("command: '  '", "3:14: apps.web.command: must not be empty: write a command line, or remove the key")]
    [InlineData("command: [./server, -p]", "3:14: apps.web.command: expected a command line, found a list")]
    [InlineData("source: \"a\\0b\"", "3:13: apps.web.source: must not contain a NUL character")]
    [InlineData("trust: true", "3:12: apps.web.trust: expected a map with keys, require and sequence, found 'true'")]
    [InlineData("trust: {require: true}", "3:22: apps.web.trust.require: needs a key: add one under keys, or nothing could ever be deployed")]
    [InlineData("trust: {keys: [], require: true}", "3:32: apps.web.trust.require: needs a key: add one under keys, or nothing could ever be deployed")]
    [InlineData("trust: {keys: a.pub, sequence: true}", "3:36: apps.web.trust.sequence: needs 'require: true', or a release without a signature would get past it")]
    [InlineData("trust: {require: yes}", "3:22: apps.web.trust.require: unknown value 'yes'; the values are true and false")]
    [InlineData("trust: {keys: [a.pub, ./a.pub]}", "3:27: apps.web.trust.keys: /etc/bluegreen/a.pub is listed twice")]
    [InlineData("trust: {keys: {a: b}}", "3:19: apps.web.trust.keys: expected a public key of minisign, or the path of a file with a public key, found a map")]
    [InlineData("trust: {keys: https://x/y.pub}", "3:19: apps.web.trust.keys: 'https://x/y.pub' is a URL: only paths of this machine work")]
    [InlineData(
        "trust: {keys: RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO}",
        "3:19: apps.web.trust.keys: 'RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO' is no public key of minisign: copy all of the last line of its .pub file")]
    [InlineData("limits: 8GiB", "3:13: apps.web.limits: expected a map with size, entries and ratio, found '8GiB'")]
    [InlineData("limits: {size: 500}", "3:20: apps.web.limits.size: '500' has no unit: write for example 500MiB or 8GiB")]
    [InlineData("limits: {size: 0B}", "3:20: apps.web.limits.size: must be more than zero")]
    [InlineData("limits: {size: [1GiB]}", "3:20: apps.web.limits.size: expected a size such as 500MiB, found a list")]
    [InlineData("limits: {entries: 0}", "3:23: apps.web.limits.entries: expected a whole number from 1 to 10000000, found '0'")]
    [InlineData("limits: {ratio: 0}", "3:21: apps.web.limits.ratio: expected a whole number from 1 to 1000000, found '0'")]
    [InlineData("processes: ./cron", "3:16: apps.web.processes: expected a map from process types to commands, found './cron'")]
    [InlineData("processes: {a b: x}", "3:17: 'a b' is not a name for a process type: letters, digits, '-' and '_', the first a letter or digit, at most 64")]
    [InlineData("processes: {cron: ' '}", "3:23: apps.web.processes.cron: must not be empty: write a command line, or remove the key")]
    [InlineData("processes: {cron: {instances: 2}}", "3:35: apps.web.processes.cron.instances: more than one at a time needs 'singleton: false' beside it")]
    [InlineData("processes: {cron: {instances: 101}}", "3:35: apps.web.processes.cron.instances: expected a whole number from 0 to 100, found '101'")]
    [InlineData("processes: {cron: {singleton: no}}", "3:35: apps.web.processes.cron.singleton: unknown value 'no'; the values are true and false")]
    [InlineData("processes: {release: {timeout: 0s}}", "3:36: apps.web.processes.release.timeout: must be more than zero")]
    [InlineData("processes: {web: ./server}", "3:22: apps.web.processes.web: the command and the instances of web are keys of the app itself: write them there")]
    [InlineData("processes: {web: {instances: 2}}", "3:22: apps.web.processes.web: the command and the instances of web are keys of the app itself: write them there")]
    [InlineData("processes: {web: {limits: low}}", "3:31: apps.web.processes.web.limits: expected a map with user, group, nice, files, memory, umask and folder, found 'low'")]
    [InlineData("processes: {cron: {limits: {user: ''}}}", "3:39: apps.web.processes.cron.limits.user: must not be empty: write a user of this machine, or remove the key")]
    [InlineData("processes: {cron: {limits: {group: www-data}}}", "3:40: apps.web.processes.cron.limits.group: needs a user beside it")]
    [InlineData("processes: {cron: {limits: {nice: -21}}}", "3:39: apps.web.processes.cron.limits.nice: expected a whole number from -20 to 19, found '-21'")]
    [InlineData("processes: {cron: {limits: {files: 63}}}", "3:40: apps.web.processes.cron.limits.files: expected a whole number from 64 to 1073741824, found '63'")]
    [InlineData("processes: {cron: {limits: {memory: 512}}}", "3:41: apps.web.processes.cron.limits.memory: '512' has no unit: write for example 500MiB or 8GiB")]
    [InlineData("processes: {cron: {limits: {memory: 1MiB}}}", "3:41: apps.web.processes.cron.limits.memory: must be at least 8MiB: no program starts with less")]
    [InlineData("processes: {cron: {limits: {umask: 27}}}", "3:40: apps.web.processes.cron.limits.umask: '27' is not a umask: write three octal digits from 000 to 077, for example 027")]
    [InlineData("processes: {cron: {limits: {umask: 277}}}", "3:40: apps.web.processes.cron.limits.umask: '277' is not a umask: write three octal digits from 000 to 077, for example 027")]
    [InlineData("processes: {cron: {limits: {umask: '089'}}}", "3:40: apps.web.processes.cron.limits.umask: '089' is not a umask: write three octal digits from 000 to 077, for example 027")]
    [InlineData("processes: {cron: {limits: {folder: ../x}}}", "3:41: apps.web.processes.cron.limits.folder: '../x' leads out of the release: write a folder in it, or an absolute path")]
    [InlineData("processes: {cron: {limits: {folder: ~/x}}}", "3:41: apps.web.processes.cron.limits.folder: '~' is not expanded: write the full path instead of '~/x'")]
    [InlineData("roles: {path: role}", "3:19: apps.web.roles.path: 'role' must begin with '/'")]
    [InlineData("roles: {timeout: 0s}", "3:22: apps.web.roles.timeout: must be more than zero")]
    [InlineData("roles: {onTimeout: ignore}", "3:24: apps.web.roles.onTimeout: unknown value 'ignore'; the values are fail and continue")]
    [InlineData("roles: on", "3:12: apps.web.roles: expected a map with path, timeout and onTimeout, found 'on'")]
    [InlineData("preflight: ''", "3:16: apps.web.preflight: must not be empty: write a command line, or remove the key")]
    [InlineData("preflight: [a]", "3:16: apps.web.preflight: expected a map with command and timeout, found a list")]
    [InlineData("preflight: {timeout: 1s}", "3:16: apps.web.preflight: needs a command")]
    [InlineData("preflight: {command: a, timeout: 0s}", "3:38: apps.web.preflight.timeout: must be more than zero")]
    [InlineData("hooks: ./notify", "3:12: apps.web.hooks: expected a map with before, after, failed and timeout, found './notify'")]
    [InlineData("hooks: {before: [a]}", "3:21: apps.web.hooks.before: expected a command line, found a list")]
    [InlineData("hooks: {timeout: 0}", "3:22: apps.web.hooks.timeout: must be more than zero")]
    [InlineData("health: /healthz", "3:13: apps.web.health: expected a map with path, interval, timeout, passes, failures and deadline, found '/healthz'")]
    [InlineData("drain: 30s", "3:12: apps.web.drain: expected a map with requests, streams and stop, found '30s'")]
    [InlineData("keep: [5]", "3:11: apps.web.keep: expected a map with releases and warm, found a list")]
    [InlineData("keep: {releases: 0}", "3:22: apps.web.keep.releases: expected a whole number from 1 to 1000, found '0'")]
    [InlineData("path: api", "3:11: apps.web.path: 'api' must begin with '/'")]
    [InlineData("path: ''", "3:11: apps.web.path: '' must begin with '/'")]
    [InlineData("path: /a//b", "3:11: apps.web.path: '/a//b' must not contain '//'")]
    [InlineData("path: /a b", "3:11: apps.web.path: '/a b' must not contain blanks or '#'")]
    [InlineData("path: /api/*", "3:11: apps.web.path: '/api/*' must not contain '*': write a plain path such as /api, which includes all below it")]
    [InlineData("path: /a?b", "3:11: apps.web.path: '/a?b' must not contain '?': write a plain path such as /api, which includes all below it")]
    [InlineData("path: /a/../b", "3:11: apps.web.path: '/a/../b' must not contain '.' or '..' segments")]
    [InlineData("path: {a: b}", "3:11: apps.web.path: expected a path such as /api, found a map")]
    [InlineData("health: {path: healthz}", "3:20: apps.web.health.path: 'healthz' must begin with '/'")]
    [InlineData("health: {path: http://x/y}", "3:20: apps.web.health.path: 'http://x/y' must begin with '/'")]
    [InlineData("health: {path: //x}", "3:20: apps.web.health.path: '//x' must not contain '//'")]
    [InlineData("health: {path: /x#y}", "3:20: apps.web.health.path: '/x#y' must not contain blanks or '#'")]
    [InlineData("health: {passes: 0}", "3:22: apps.web.health.passes: expected a whole number from 1 to 100, found '0'")]
    [InlineData("health: {timeout: 61s}", "3:23: apps.web.health.timeout: must not be longer than the deadline, which is 1m")]
    [InlineData("health: {timeout: 6s, deadline: 5s}", "3:23: apps.web.health.timeout: must not be longer than the deadline, which is 5s")]
    [InlineData("health: {timeout: 90s, deadline: soon}", "3:38: apps.web.health.deadline: 'soon' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("health: {interval: 0}", "3:24: apps.web.health.interval: must be more than zero")]
    [InlineData("health: {deadline: 0s}", "3:24: apps.web.health.deadline: must be more than zero")]
    [InlineData("warmup: [GET /]", "3:13: apps.web.warmup: expected a map with requests, concurrency, rounds, for, statuses, host, replay and replayQueries, found a list")]
    [InlineData("warmup: {requests: [POST /x]}", "3:25: apps.web.warmup.requests: 'POST /x': only GET and HEAD can warm a worker up, since other methods may change something in the app")]
    [InlineData("warmup: {requests: [get /x]}", "3:25: apps.web.warmup.requests: 'get /x': methods are written in capitals, GET")]
    [InlineData("warmup: {requests: [GET]}", "3:25: apps.web.warmup.requests: 'GET' must begin with '/'")]
    [InlineData("warmup: {requests: [x/y]}", "3:25: apps.web.warmup.requests: 'x/y' must begin with '/'")]
    [InlineData("warmup: {requests: [GET http://x/]}", "3:25: apps.web.warmup.requests: 'http://x/' must begin with '/'")]
    [InlineData("warmup: {requests: [/a b]}", "3:25: apps.web.warmup.requests: '/a b' must not contain blanks or '#'")]
    [InlineData("warmup: {requests: [/é]}", "3:25: apps.web.warmup.requests: '/é' has letters outside ASCII: write them in their %XX form, as browsers send them")]
    [InlineData("warmup: {requests: [/, GET /]}", "3:28: apps.web.warmup.requests: GET / is listed twice")]
    [InlineData("warmup: {requests: [{GET: /}]}", "3:25: apps.web.warmup.requests: expected a request such as GET /, found a map")]
    [InlineData("warmup: {concurrency: 0}", "3:27: apps.web.warmup.concurrency: expected a whole number from 1 to 100, found '0'")]
    [InlineData("warmup: {rounds: 10001}", "3:22: apps.web.warmup.rounds: expected a whole number from 1 to 10000, found '10001'")]
    [InlineData("warmup: {for: 0s}", "3:19: apps.web.warmup.for: must be more than zero")]
    [InlineData("warmup: {statuses: [1xx]}", "3:25: apps.web.warmup.statuses: '1xx' is no status: write one from 200 to 599, or 2xx, 3xx, 4xx or 5xx")]
    [InlineData("warmup: {statuses: [600]}", "3:25: apps.web.warmup.statuses: '600' is no status: write one from 200 to 599, or 2xx, 3xx, 4xx or 5xx")]
    [InlineData("warmup: {statuses: [2xx, 2xx]}", "3:30: apps.web.warmup.statuses: 2xx is listed twice")]
    [InlineData("warmup: {statuses: []}", "3:24: apps.web.warmup.statuses: needs a status such as 2xx; remove the key for the default, 2xx and 3xx")]
    [InlineData("warmup: {host: '*.a.com'}", "3:20: apps.web.warmup.host: '*.a.com' is no single host: write one name, such as example.com")]
    [InlineData("warmup: {host: a:80}", "3:20: apps.web.warmup.host: 'a:80' has a port: write the host name without it, an app answers on every port the front listens on")]
    [InlineData("warmup: {replay: -1}", "3:22: apps.web.warmup.replay: expected a whole number from 0 to 1000, found '-1'")]
    [InlineData("warmup: {replayQueries: true}", "3:29: apps.web.warmup.replayQueries: needs 'replay', the number of paths that are sent again")]
    [InlineData("warmup: {replay: 1, replayQueries: on}", "3:40: apps.web.warmup.replayQueries: unknown value 'on'; the values are true and false")]
    [InlineData("slowStart: 10", "3:16: apps.web.slowStart: '10' has no unit: write '10s' for seconds")]
    [InlineData("drain: {requests: 30}", "3:23: apps.web.drain.requests: '30' has no unit: write '30s' for seconds")]
    [InlineData("drain: {streams: -1s}", "3:22: apps.web.drain.streams: '-1s' is negative: a duration is 0s or more")]
    [InlineData("drain: {stop: [1s]}", "3:19: apps.web.drain.stop: expected a duration such as 30s, found a list")]
    [InlineData("keep: {warm: 2000h}", "3:18: apps.web.keep.warm: '2000h' is too long: at most 1000h")]
    [InlineData("accessLog: combined", "3:16: apps.web.accessLog: expected a map with format, path, size and keep, found 'combined'")]
    [InlineData("accessLog: {format: common}", "3:25: apps.web.accessLog.format: unknown value 'common'; the values are combined and json")]
    [InlineData("accessLog: {path: ''}", "3:23: apps.web.accessLog.path: must not be empty: write a file, or remove the key")]
    [InlineData("accessLog: {path: syslog://x}", "3:23: apps.web.accessLog.path: 'syslog://x' is a URL: only paths of this machine work")]
    [InlineData("accessLog: {size: 100}", "3:23: apps.web.accessLog.size: '100' has no unit: write for example 500MiB or 8GiB")]
    [InlineData("accessLog: {size: [1MiB]}", "3:23: apps.web.accessLog.size: expected a size such as 500MiB, found a list")]
    [InlineData("accessLog: {keep: -1}", "3:23: apps.web.accessLog.keep: expected a whole number from 0 to 1000, found '-1'")]
    [InlineData("hosts: {a: b}", "3:12: apps.web.hosts: expected a host name such as example.com, found a map")]
    [InlineData("hosts: [a, ~]", "3:16: apps.web.hosts: expected a host name such as example.com, found nothing")]
    [InlineData("hosts: [a.example, A.example]", "3:24: apps.web.hosts: a.example is listed twice")]
    [InlineData("hosts: ''", "3:12: apps.web.hosts: '' is not a host name such as example.com or *.example.com")]
    [InlineData("hosts: '*'", "3:12: apps.web.hosts: '*' is not a host name: leave hosts empty to answer to all")]
    [InlineData("hosts: 'a.*.com'", "3:12: apps.web.hosts: 'a.*.com' is not a host name such as example.com or *.example.com")]
    [InlineData("hosts: a..com", "3:12: apps.web.hosts: 'a..com' is not a host name such as example.com or *.example.com")]
    [InlineData("hosts: -a.com", "3:12: apps.web.hosts: '-a.com' is not a host name such as example.com or *.example.com")]
    [InlineData("hosts: http://a.com", "3:12: apps.web.hosts: 'http://a.com' is a URL: write only its host name")]
    [InlineData("hosts: bücher.example", "3:12: apps.web.hosts: 'bücher.example' has letters outside ASCII: write the name in its xn-- form, as browsers send it")]
    public void A_bad_value_of_an_app_is_an_error(string line, string error)
    {
        Assert.Equal(error, Yaml.AppError(line));
    }

    [Theory]
    [InlineData(
        "apps:\n  web:\n  api:\n",
        "3:3: apps.api answers to all hosts at /, and so does apps.web in line 2: give one of them other hosts or another path")]
    [InlineData(
        "apps:\n  web: {path: /a, hosts: [x.com, y.com]}\n  api: {path: /a/, hosts: Y.com}\n",
        "3:3: apps.api answers to y.com at /a, and so does apps.web in line 2: give one of them other hosts or another path")]
    public void Two_apps_with_the_same_host_and_path_are_an_error(string text, string error)
    {
        Assert.Equal(error, Assert.Single(Yaml.Errors(text)));
    }

    [Fact]
    public void Two_apps_that_write_to_the_same_access_log_are_an_error()
    {
        Assert.Equal(
            "3:3: apps.api writes its access log to /etc/bluegreen/x.log, and so does apps.web in line 2: give each a file of its own",
            Assert.Single(Yaml.Errors("apps:\n  web: {accessLog: {path: x.log}}\n  api: {path: /api, accessLog: {path: ./x.log}}\n")));
        Assert.Empty(Yaml.Errors("apps:\n  web: {accessLog: {}}\n  api: {path: /api, accessLog: {}}\n"));
    }

    [Fact]
    public void An_app_that_was_not_understood_conflicts_with_nobody()
    {
        Assert.Equal(
            ["3:15: apps.api.path: 'api' must begin with '/'"],
            Yaml.Errors("apps:\n  web:\n  api: {path: api}\n"));
    }

    [Fact]
    public void A_long_text_in_a_wrong_place_is_shortened()
    {
        Assert.Equal(
            $"3:12: apps.web.drain: expected a map with requests, streams and stop, found '{new string('x', 40)}...'",
            Yaml.AppError($"drain: {new string('x', 500)}"));
    }
}
