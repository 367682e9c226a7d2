using System.Globalization;
using Bottle.Core.Manifests;

namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>The words of phase 2: what is wrong with a launch that is well written. One method a code; a number is never reused.</summary>
public static class PlanErrors
{
    /// <summary>BTL2001: a key of a later version.</summary>
    public static Diagnostic NotInThisVersion(Located<string> key) => new()
    {
        Code = "BTL2001",
        Message = $"'{key.Value}' is not in this version",
        Where = key.Where,
        Why = "a bottle that starts without what its manifest asks for would be another bottle",
        Fix = $"remove '{key.Value}', or use a version of Bottle that has it",
    };

    /// <summary>BTL2002: an environment variable of the operator is not set.</summary>
    public static Diagnostic HostVariableMissing(string variable, string purpose, SourceSpan? where, bool isError) => new()
    {
        Code = "BTL2002",
        Severity = isError ? Severity.Error : Severity.Warning,
        Message = $"the host variable '{variable}' is not set; {purpose}",
        Where = where,
        Why = "its value is read when the bottle starts, and nothing is created before all of them are there",
        Fix = $"export {variable}=…, or remove the line that names it",
    };

    /// <summary>BTL2003: a secret's file cannot be read.</summary>
    public static Diagnostic SecretFileMissing(Located<SecretRef> secret, string path, bool isError) => new()
    {
        Code = "BTL2003",
        Severity = isError ? Severity.Error : Severity.Warning,
        Message = $"the secret file '{path}' cannot be read",
        Where = secret.Where,
        Why = "egress gets its content as a credential when the bottle starts",
        Fix = "create it, readable by you alone (0600), or name another source: env:NAME, file:PATH or command:[…]",
    };

    /// <summary>BTL2004: none of a provider's credentials is there.</summary>
    public static Diagnostic ProviderCredentialMissing(ProviderManifest provider, SourceSpan where, bool isError) => new()
    {
        Code = "BTL2004",
        Severity = isError ? Severity.Error : Severity.Warning,
        Message = $"provider '{provider.Name}' has no credential: none of {Names(provider.Credentials.Select(c => c.HostVariable))} is set",
        Where = where,
        Why = $"egress sets it on the routes of {provider.File}; the agent itself only gets a placeholder",
        Fix = $"export {string.Join("=… or ", provider.Credentials.Select(c => c.HostVariable))}=…, or write 'provider: none'",
    };

    /// <summary>BTL2005: the manifest names a provider that has no file.</summary>
    public static Diagnostic UnknownProvider(Located<string> provider, IEnumerable<string> known) => new()
    {
        Code = "BTL2005",
        Message = $"there is no provider '{provider.Value}'",
        Where = provider.Where,
        Why = "its routes and its credential would be missing",
        Fix = $"choose one of {Names(known.Append("none"))}, or add providers/{provider.Value}.yaml beside the bottles",
    };

    /// <summary>BTL2006: one host is to be inspected and not to be.</summary>
    public static Diagnostic InspectConflict(string host, string where, string otherHost, string otherWhere, SourceSpan place) => new()
    {
        Code = "BTL2006",
        Message = $"'{host}' ({where}) and '{otherHost}' ({otherWhere}) share a host, but only one of them is inspected",
        Where = place,
        Why = "pipelock decides by host alone whether it reads bodies; a route that says 'inspect: true' would silently not be inspected",
        Fix = "give both the same 'inspect', or write hosts that do not overlap",
    };

    /// <summary>BTL2007: a test upstream plays a real host.</summary>
    public static Diagnostic TestUpstreamOutsideTest(Located<string> host) => new()
    {
        Code = "BTL2007",
        Message = $"the test upstream '{host.Value}' does not end in .test",
        Where = host.Where,
        Why = "a container that answers for a real host would deceive the agent and whoever reads its results",
        Fix = $"name it under .test, or say --allow-test-upstream={host.Value} on the command line",
    };

    /// <summary>BTL2008: a test upstream that nothing can reach.</summary>
    public static Diagnostic TestUpstreamWithoutRoute(Located<string> host) => new()
    {
        Code = "BTL2008",
        Message = $"no route leads to the test upstream '{host.Value}'",
        Where = host.Where,
        Why = "egress denies what has no route, so the container would stand there for nothing",
        Fix = $"add '- host: {host.Value}' to egress.routes, or remove the test upstream",
    };

    /// <summary>BTL2009: a test upstream's host is a pattern, or is written twice.</summary>
    public static Diagnostic TestUpstreamHostUnusable(Located<string> host, string reason) => new()
    {
        Code = "BTL2009",
        Message = $"the test upstream '{host.Value}' {reason}",
        Where = host.Where,
        Why = "its host becomes the one name of one container on the egress network",
        Fix = "write one exact host for each test upstream",
    };

    /// <summary>BTL2030: a test upstream's image that is none of Bottle's own.</summary>
    public static Diagnostic UnknownTestUpstreamImage(Located<string> image) => new()
    {
        Code = "BTL2030",
        Message = $"'{image.Value}' is no image for test upstreams",
        Where = image.Where,
        Why = "a test upstream stands on the network that leads out, beside pipelock: only Bottle's own images may, or one that the command line names",
        Fix = $"name bottle-demo-upstream, or add --allow-test-upstream={image.Value}",
    };

    /// <summary>BTL2010: more test upstreams than the network has addresses for.</summary>
    public static Diagnostic TooManyTestUpstreams(int count, int most, SourceSpan where) => new()
    {
        Code = "BTL2010",
        Message = string.Create(CultureInfo.InvariantCulture, $"{count} test upstreams are more than the {most} that one bottle can have"),
        Where = where,
        Why = "each has a fixed address in the egress network, which is a /28",
        Fix = "let one container answer for several hosts' tests, or split the bottle",
    };

    /// <summary>BTL2011: our stand-in would guard real hosts.</summary>
    public static Diagnostic StandInNotAllowed(string image, IReadOnlyList<string> hosts, bool isError) => new()
    {
        Code = "BTL2011",
        Severity = isError ? Severity.Error : Severity.Note,
        Message = $"{image} is a stand-in for pipelock, and {Names(hosts)} {(hosts.Count == 1 ? "is" : "are")} outside .test",
        Why = "the stand-in knows a handful of body patterns only: what it lets pass, pipelock might have stopped",
        Fix = "make the real image available (BOTTLE_PIPELOCK_IMAGE names another one), or accept the risk with --allow-stand-in",
    };

    /// <summary>BTL2012: the subnet pool of the home configuration is none.</summary>
    public static Diagnostic SubnetPoolUnusable(string pool) => new()
    {
        Code = "BTL2012",
        Message = $"'{pool}' is not an IPv4 network of at least 64 addresses",
        Why = "each run cuts three networks of sixteen addresses out of it",
        Fix = "set 'subnets' in config.yaml to a private network such as 10.213.0.0/16",
    };

    /// <summary>BTL2013: no subnet is free, or too many were refused by the engine.</summary>
    public static Diagnostic NoFreeSubnet(string pool, int attempt) => new()
    {
        Code = "BTL2013",
        Message = string.Create(CultureInfo.InvariantCulture, $"no free subnet in {pool} after {attempt} attempts"),
        Why = "networks and routes of this host, and other bottles, take the rest",
        Fix = "end bottles that nobody needs (--target=Cleanup), or set 'subnets' in config.yaml to another private network",
    };

    /// <summary>BTL2014: the manifest sets a variable that Bottle sets itself.</summary>
    public static Diagnostic EnvironmentNameIsOurs(string name, SourceSpan where) => new()
    {
        Code = "BTL2014",
        Message = $"'{name}' is set by Bottle itself",
        Where = where,
        Why = "it leads the agent to its sidecars, or tells it which authority to trust",
        Fix = "remove it from env",
    };

    /// <summary>BTL2015: the manifest gives the agent the provider's credential itself.</summary>
    public static Diagnostic ProviderTokenInEnvironment(string name, ProviderManifest provider, SourceSpan where) => new()
    {
        Code = "BTL2015",
        Message = $"'{name}' is the credential of provider '{provider.Name}' and does not belong into the agent",
        Where = where,
        Why = "egress adds it outside of the agent's reach; inside, whatever the agent runs could read it",
        Fix = $"remove it from env; the routes of {provider.File} carry it, or write your own: "
            + "{host: …, methods: [POST], path_allowlist: […], inspect: false, auth: {scheme: Bearer, token_ref: " + name + "}}",
    };

    /// <summary>BTL2016: a literal of the agent's environment looks like a token.</summary>
    public static Diagnostic LiteralLooksLikeToken(string name, string kind, SourceSpan? where) => new()
    {
        Code = "BTL2016",
        Message = $"the value of '{name}' looks like {kind}",
        Where = where,
        Why = "a literal stands readable in the manifest, the plan and the Compose file, and the agent could use it anywhere",
        Fix = "revoke it, and give it to a route: auth: {scheme: …, token_ref: env:NAME}",
    };

    /// <summary>BTL2017: the identity is not one of this agent.</summary>
    public static Diagnostic IdentityMismatch(string identity, string agent) => new()
    {
        Code = "BTL2017",
        Message = $"'{identity}' is no identity of agent '{agent}'",
        Why = "names of containers, networks and folders are made from it",
        Fix = $"an identity is the agent's name, a dash and five of a-z and 0-9, for example {agent}-k3x9a",
    };

    /// <summary>BTL2018: a value that no process can have in its environment.</summary>
    public static Diagnostic EnvironmentValueImpossible(string name, SourceSpan where) => new()
    {
        Code = "BTL2018",
        Message = $"the value of '{name}' holds a NUL or half of a surrogate pair",
        Where = where,
        Why = "an environment ends at NUL and is UTF-8: the agent would get another value than the one written",
        Fix = "encode the value, for example as base64",
    };

    /// <summary>BTL2019: a git remote's key cannot be used.</summary>
    public static Diagnostic GitKeyUnusable(Located<string> file, string reason, bool isError) => new()
    {
        Code = "BTL2019",
        Severity = isError ? Severity.Error : Severity.Warning,
        Message = $"the key '{InertText.Excerpt(file.Value)}' cannot be used: {InertText.Line(reason)}",
        Where = file.Where,
        Why = "the gate fetches and pushes with it, unattended",
        Fix = "name a private key that you can read, without a passphrase: a deploy key for this repository is best",
    };

    /// <summary>BTL2020: a known_hosts file cannot be used.</summary>
    public static Diagnostic KnownHostsUnusable(string file, string reason, SourceSpan where, bool isError) => new()
    {
        Code = "BTL2020",
        Severity = isError ? Severity.Error : Severity.Warning,
        Message = $"the known_hosts file '{InertText.Excerpt(file)}' cannot be used: {InertText.Line(reason)}",
        Where = where,
        Why = "the gate connects to a host only by a key that stands there",
        Fix = "name a readable file, relative to the manifest, or write its lines here",
    };

    /// <summary>BTL2021: a git remote's host has a route that is inspected.</summary>
    public static Diagnostic GitHostIsInspected(string host, string routeHost, string routeWhere, SourceSpan where) => new()
    {
        Code = "BTL2021",
        Message = $"the git remote's host '{host}' is also that of the route '{routeHost}' ({routeWhere}), which is inspected",
        Where = where,
        Why = "pipelock decides by host alone whether it reads bodies, and it cannot read the gate's ssh",
        Fix = "write 'inspect: false' at the route, or take the host out of it",
    };

    /// <summary>BTL2022: two addresses for one host.</summary>
    public static Diagnostic HostIpConflict(Located<string> address, string reason) => new()
    {
        Code = "BTL2022",
        Message = $"host_ip {InertText.Excerpt(address.Value)} cannot be: {reason}",
        Where = address.Where,
        Why = "pipelock resolves a host to one address",
        Fix = "write the same host_ip at every remote of this host, and none for a test upstream",
    };

    /// <summary>BTL2029: something is opened at a model provider's API, and no route leads to one.</summary>
    public static Diagnostic ProviderPolicyWithoutModelApi(IEnumerable<string> opened, SourceSpan? where) => new()
    {
        Code = "BTL2029",
        Severity = Severity.Warning,
        Message = $"'provider' opens {string.Join(", ", opened)}, and no route has 'model_api: true'",
        Where = where,
        Why = "server_tools and betas are what egress lets pass on such routes; without one they do nothing",
        Fix = "write 'model_api: true' on the provider's route, or remove them",
    };

    /// <summary>BTL2031: a preset's registry is nowhere configured, and its client does not say one either.</summary>
    public static Diagnostic RegistryUnknown(Located<string> preset, string client, string configure, bool isError) => new()
    {
        Code = "BTL2031",
        Severity = isError ? Severity.Error : Severity.Warning,
        Message = $"the preset '{preset.Value}' has no host: {client} names no registry here",
        Where = preset.Where,
        Why = "Bottle itself knows no registry; a preset opens the one that your own client uses",
        Fix = $"tell the client ({configure}), or replace the preset by routes",
    };

    /// <summary>BTL2032: the registry that a client names cannot be a route's host. The URL is not shown: it can hold a password.</summary>
    public static Diagnostic RegistryUnusable(Located<string> preset, string client, string problem, string configure, bool isError) => new()
    {
        Code = "BTL2032",
        Severity = isError ? Severity.Error : Severity.Warning,
        Message = $"the registry that {client} names on this host cannot serve the preset '{preset.Value}': {problem}",
        Where = preset.Where,
        Why = "egress matches hosts by their names, and speaks TLS on every port but 80",
        Fix = $"give the client another one ({configure}), or replace the preset by routes",
    };

    /// <summary>BTL2071: the manifest wants gVisor, and no container runs under it.</summary>
    public static Diagnostic RunscUnavailable(string reason, SourceSpan where, bool isError) => new()
    {
        Code = "BTL2071",
        Severity = isError ? Severity.Error : Severity.Warning,
        Message = $"the agent cannot run under gVisor: {InertText.Line(reason)}",
        Where = where,
        Why = "with 'runtime: runsc' the agent's system calls are not to reach the host's kernel; a quiet runc would be less than that",
        Fix = "install runsc and register it with the engine (daemon.json: runtimes), or write 'runtime: auto', which takes it where it works",
    };

    /// <summary>BTL2072: <c>--prompt</c>, and nothing says how this agent's command takes one.</summary>
    public static Diagnostic NoPromptArguments(AgentManifest agent, ProviderManifest? provider) => new()
    {
        Code = "BTL2072",
        Message = $"--prompt: nothing says how '{InertText.Excerpt(agent.Command[0])}' takes a prompt without a terminal",
        Where = agent.Where,
        Why = provider is null ? "an agent's command takes it as its provider file says, and this agent has no provider" : $"{provider.File} has no 'prompt'",
        Fix = provider is null ? "name a provider in the bottle, or put the prompt into the agent's 'command'" : "add 'prompt: [ARGUMENT, …]' there: with these arguments the command reads the prompt on its standard input, and ends by itself",
    };

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);
}
