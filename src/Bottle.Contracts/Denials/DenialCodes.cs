namespace Bottle.Contracts.Denials;

/// <summary>Every refusal that egress gives; the codes that agents, logs and <c>Explain</c> show.</summary>
public static class DenialCodes
{
    /// <summary>No route names the host.</summary>
    public static readonly DenialCode HostNotListed = new("BTL6001", 403, "denied", "host", true, "no route names this host");

    /// <summary>Routes name the host, none this port.</summary>
    public static readonly DenialCode PortNotListed = new("BTL6002", 403, "denied", "port", true, "no route of this host has this port");

    /// <summary>Plain HTTP is for port 80 only, TLS for all others.</summary>
    public static readonly DenialCode SchemeNotPossible = new("BTL6003", 403, "denied", "scheme", false, "plain HTTP goes to port 80 only, and https:// through CONNECT only");

    /// <summary>The routes that fit do not have the method.</summary>
    public static readonly DenialCode MethodNotListed = new("BTL6004", 403, "denied", "method", true, "the route does not allow this method");

    /// <summary>The routes that fit do not have the path.</summary>
    public static readonly DenialCode PathNotListed = new("BTL6005", 403, "denied", "path", true, "the route does not allow this path");

    /// <summary>A push over smart HTTP.</summary>
    public static readonly DenialCode GitPush = new("BTL6006", 403, "denied", "git push", false, "git push over HTTP is never allowed; pushes go through the git-gate");

    /// <summary>Servers could disagree about the path, and the host's routes are limited by path.</summary>
    public static readonly DenialCode AmbiguousPath = new("BTL6007", 400, "bad request", "path", false, "servers could read this path in two ways");

    /// <summary>TRACE and its like, which would echo an injected credential.</summary>
    public static readonly DenialCode MethodNeverAllowed = new("BTL6008", 405, "denied", "method", false, "this method is never forwarded");

    /// <summary>CONNECT, server name, Host or request target name different hosts.</summary>
    public static readonly DenialCode AuthorityMismatch = new("BTL6009", 421, "misdirected", "authority", false, "CONNECT, TLS server name, Host and target must name one host");

    /// <summary>The request cannot be read in one way.</summary>
    public static readonly DenialCode Malformed = new("BTL6010", 400, "bad request", "request", false, "the request is malformed");

    /// <summary>A WebSocket on a route without <c>websocket: true</c>.</summary>
    public static readonly DenialCode WebSocketNotListed = new("BTL6011", 403, "denied", "websocket", true, "the route does not allow WebSockets");

    /// <summary>A WebSocket to a host whose bodies pipelock reads.</summary>
    public static readonly DenialCode InspectedUpgrade = new("BTL6012", 426, "denied", "inspect", true, "WebSockets need a route with inspect: false");

    /// <summary>A request body beyond what pipelock scans.</summary>
    public static readonly DenialCode InspectedBodyTooLarge = new("BTL6013", 413, "denied", "inspect", true, "bodies of this size need a route with inspect: false");

    /// <summary>A header or parameter that would make the server use another method than the one that was allowed.</summary>
    public static readonly DenialCode MethodOverride = new("BTL6014", 403, "denied", "method", false, "a method override asks for a method that the route does not allow");

    /// <summary>The target is an IP address.</summary>
    public static readonly DenialCode AddressLiteral = new("BTL6015", 403, "denied", "host", false, "IP addresses are never reachable; use the host's name");

    /// <summary>The upstream could not be reached, or its answer could not be used.</summary>
    public static readonly DenialCode UpstreamFailed = new("BTL6016", 502, "upstream", "upstream", false, "the upstream did not give a usable answer");

    /// <summary>The route needs a credential whose slot is empty.</summary>
    public static readonly DenialCode CredentialMissing = new("BTL6017", 503, "unavailable", "credential", false, "the credential of this route has no value at the moment");

    /// <summary>A bound of egress itself was reached.</summary>
    public static readonly DenialCode TooBusy = new("BTL6018", 503, "unavailable", "limit", false, "egress is at one of its limits; try again later");

    /// <summary>An unknown name under <c>_egress.local</c>.</summary>
    public static readonly DenialCode NoSuchIntrospection = new("BTL6019", 404, "not found", "introspection", false, "_egress.local has /allowlist, /healthz, /budget and /explain");

    /// <summary>Introspection by another method than GET.</summary>
    public static readonly DenialCode IntrospectionMethod = new("BTL6020", 405, "denied", "introspection", false, "_egress.local answers GET only");

    /// <summary>The model provider would fetch for the agent.</summary>
    public static readonly DenialCode ProviderFetch = new("BTL6021", 403, "denied", "provider", false, "the request asks the provider to visit other hosts");

    /// <summary>A body encoding that pipelock cannot scan and egress cannot undo.</summary>
    public static readonly DenialCode InspectedEncoding = new("BTL6022", 415, "denied", "inspect", false, "inspected bodies are plain, gzip, deflate or br");

    /// <summary>Pipelock refused the tunnel.</summary>
    public static readonly DenialCode PipelockRefused = new("BTL6023", 403, "denied", "pipelock", false, "pipelock refused the connection");

    /// <summary>The request body stopped arriving.</summary>
    public static readonly DenialCode BodyTimeout = new("BTL6024", 408, "timeout", "request", false, "the request body stopped arriving");

    /// <summary>A head beyond the limits.</summary>
    public static readonly DenialCode HeadTooLarge = new("BTL6025", 431, "bad request", "request", false, "the request head is too large");

    /// <summary>The route that fits had a lease, and its time is over.</summary>
    public static readonly DenialCode LeaseEnded = new("BTL6026", 403, "denied", "lease", true, "the lease of the route has ended");

    /// <summary>The route that fits had a lease for a number of requests, and they are used.</summary>
    public static readonly DenialCode LeaseUsedUp = new("BTL6027", 403, "denied", "lease", true, "the requests of the route's lease are used up");

    /// <summary>The route that fits has a lease for a number of requests, and egress cannot read or write how many were used.</summary>
    public static readonly DenialCode LeaseUncounted = new("BTL6028", 503, "unavailable", "lease", false, "the requests of the route's lease cannot be counted");

    /// <summary>A kind of the run's budget is spent.</summary>
    public static readonly DenialCode BudgetSpent = new("BTL6029", 403, "budget_spent", "budget", false, "the budget of this run is spent; the operator may extend it");

    /// <summary>The run has a budget, and egress cannot read or write what was used of it.</summary>
    public static readonly DenialCode BudgetUncounted = new("BTL6030", 503, "unavailable", "budget", false, "what was used of the run's budget cannot be counted");

    /// <summary>All of them, in the order of their numbers.</summary>
    public static IReadOnlyList<DenialCode> All { get; } =
    [
        HostNotListed, PortNotListed, SchemeNotPossible, MethodNotListed, PathNotListed, GitPush, AmbiguousPath, MethodNeverAllowed, AuthorityMismatch, Malformed,
        WebSocketNotListed, InspectedUpgrade, InspectedBodyTooLarge, MethodOverride, AddressLiteral, UpstreamFailed, CredentialMissing, TooBusy, NoSuchIntrospection,
        IntrospectionMethod, ProviderFetch, InspectedEncoding, PipelockRefused, BodyTimeout, HeadTooLarge,
        LeaseEnded, LeaseUsedUp, LeaseUncounted, BudgetSpent, BudgetUncounted,
    ];
}
