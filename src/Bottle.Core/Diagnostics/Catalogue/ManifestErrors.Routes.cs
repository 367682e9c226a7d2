namespace Bottle.Core.Diagnostics.Catalogue;

public static partial class ManifestErrors
{
    /// <summary>BTL1401: a host that is none.</summary>
    public static Diagnostic BadHost(SourceSpan where, string host, string reason) => new()
    {
        Code = "BTL1401",
        Message = $"'{InertText.Excerpt(host)}' cannot be a host: {InertText.Line(reason)}",
        Where = where,
        Why = "what is allowed must be one readable name; there are no second spellings",
        Fix = "write an exact name ('api.example.com'), or '*.example.com' for everything below a suffix but not the suffix itself",
    };

    /// <summary>BTL1402: a port that is none, or that stands twice.</summary>
    public static Diagnostic BadPort(SourceSpan where, string reason) => new()
    {
        Code = "BTL1402",
        Message = reason,
        Where = where,
        Fix = "list ports from 1 to 65535, each once: 'ports: [443]'",
    };

    /// <summary>BTL1403: a path that no request could match, or that could be read in two ways.</summary>
    public static Diagnostic BadPath(SourceSpan where, string path, string reason) => new()
    {
        Code = "BTL1403",
        Message = $"'{InertText.Excerpt(path)}' cannot be a path: {InertText.Line(reason)}",
        Where = where,
        Why = "one canonical form is matched and forwarded; nothing else could ever match",
        Fix = "write an exact path ('/v1/users'), or a prefix that ends in '/*' ('/v1/*')",
    };

    /// <summary>BTL1404: a method that is none, or that no route can allow.</summary>
    public static Diagnostic BadMethod(SourceSpan where, string method, string reason) => new()
    {
        Code = "BTL1404",
        Message = $"'{InertText.Excerpt(method)}' cannot be a method: {reason}",
        Where = where,
        Fix = "write methods in capitals ('methods: [GET, POST]'), or 'methods: any'",
    };

    /// <summary>BTL1405: a route that can never be used, since an earlier one takes all that it would.</summary>
    public static Diagnostic DuplicateRoute(SourceSpan where, string host, int firstLine, bool isEqual) => new()
    {
        Code = "BTL1405",
        Message = isEqual
            ? $"this route for '{InertText.Excerpt(host)}' stands here a second time; the first is on line {firstLine}"
            : $"this route for '{InertText.Excerpt(host)}' is never used: the route on line {firstLine} takes everything that it would",
        Where = where,
        Why = "the first route that fits a request wins, with its credential",
        Fix = isEqual ? "remove one of the two" : "remove it, or put it above the wider route",
    };

    /// <summary>BTL1406: two routes of one host that differ in <c>inspect</c>.</summary>
    public static Diagnostic InspectDiffers(SourceSpan where, string host, int firstLine) => new()
    {
        Code = "BTL1406",
        Message = $"this route for '{InertText.Excerpt(host)}' and the one on line {firstLine} differ in 'inspect'",
        Where = where,
        Why = "pipelock reads the bodies of a host or does not: it sees no ports, paths or methods before it has decided",
        Fix = "give both the same 'inspect'; where a wildcard and one of its hosts differ, name the hosts in place of the wildcard",
    };

    /// <summary>BTL1407: port 80 with inspection.</summary>
    public static Diagnostic PlainHttpIsInspected(SourceSpan where) => new()
    {
        Code = "BTL1407",
        Message = "port 80 needs 'inspect: false'",
        Where = where,
        Why = "pipelock inspects inside TLS only; plain HTTP passes it unread, and the manifest should say so",
        Fix = "write 'inspect: false', or leave port 80 out",
    };

    /// <summary>BTL1408: a WebSocket with inspection.</summary>
    public static Diagnostic WebSocketIsInspected(SourceSpan where) => new()
    {
        Code = "BTL1408",
        Message = "'websocket: true' needs 'inspect: false'",
        Where = where,
        Why = "pipelock cannot pass a WebSocket that it inspects",
        Fix = "write 'inspect: false', or leave 'websocket' out",
    };

    /// <summary>BTL1409: a credential on a route without limits.</summary>
    public static Diagnostic UnlimitedAuth(SourceSpan where, IReadOnlyList<string> missing) => new()
    {
        Code = "BTL1409",
        Message = $"a route with 'auth' needs {string.Join(" and ", missing.Select(key => $"'{key}'"))}",
        Where = where,
        Why = "a credential should open no more than the agent needs",
        Fix = $"add {string.Join(" and ", missing)}, for example 'path_allowlist: [/v1/*], methods: [GET, POST]'; or 'unrestricted: true', which the preflight shows",
    };

    /// <summary>BTL1410: a credential that would travel in clear.</summary>
    public static Diagnostic AuthInClear(SourceSpan where) => new()
    {
        Code = "BTL1410",
        Message = "a route with 'auth' cannot have port 80",
        Where = where,
        Why = "a credential is never sent over plain HTTP",
        Fix = "leave port 80 out, or write a second route for it without 'auth'",
    };

    /// <summary>BTL1411: <c>auth</c> whose scheme and header do not fit together, or a header that cannot carry a credential.</summary>
    public static Diagnostic BadAuthHeader(SourceSpan where, string message, string fix) => new()
    {
        Code = "BTL1411",
        Message = message,
        Where = where,
        Fix = fix,
    };

    /// <summary>BTL1412: a <c>token_ref</c> that names nothing.</summary>
    public static Diagnostic BadTokenRef(SourceSpan where, string reason) => new()
    {
        Code = "BTL1412",
        HidesValue = true,
        Message = $"this token_ref names no secret: {reason}",
        Where = where,
        Why = "a manifest holds the name of a secret, never its value",
        Fix = "write 'env:NAME' or NAME, 'file:PATH', '{command: [gh, auth, token]}' or \"command:[gh, auth, token]\"",
    };

    /// <summary>BTL1413: a key that has no effect beside the others.</summary>
    public static Diagnostic NoEffect(SourceSpan where, string key, string needs) => new()
    {
        Code = "BTL1413",
        Message = $"'{key}' has no effect without '{needs}'",
        Where = where,
        Why = "what has no effect is probably not what was meant",
        Fix = $"remove '{key}', or add '{needs}'",
    };

    /// <summary>BTL1414: a preset that stands twice.</summary>
    public static Diagnostic DuplicatePreset(SourceSpan where, string preset, int firstLine) => new()
    {
        Code = "BTL1414",
        Message = $"the preset '{preset}' stands here a second time; the first is on line {firstLine}",
        Where = where,
        Fix = "remove one of the two",
    };

    /// <summary>BTL1501: a test upstream whose host stands twice.</summary>
    public static Diagnostic DuplicateTestUpstream(SourceSpan where, string host, int firstLine) => new()
    {
        Code = "BTL1501",
        Message = $"the test upstream '{InertText.Excerpt(host)}' stands here a second time; the first is on line {firstLine}",
        Where = where,
        Fix = "remove one of the two",
    };

    /// <summary>BTL1502: an image reference that is none.</summary>
    public static Diagnostic BadImage(SourceSpan where, string image) => new()
    {
        Code = "BTL1502",
        Message = $"'{InertText.Excerpt(image)}' cannot be an image",
        Where = where,
        Fix = "write a name in small letters, with a tag or digest if need be: 'bottle-demo-upstream', 'team/upstream:1.2', 'name@sha256:…'",
    };
}
