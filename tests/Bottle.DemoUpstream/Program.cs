using Bottle.DemoUpstream;

// demo-upstream                          serve (HTTPS, TCP and UDP canaries, DNS)
// demo-upstream healthcheck              0 when the one that runs here answers
// demo-upstream fetch URL                the answer, as .NET's HttpClient gets it with the environment's settings
// demo-upstream dial tcp|udp|dns A P     0 and the answer when the canary at address A, port P answers
return args switch
{
    [] => await Upstream.ServeAsync(UpstreamOptions.FromEnvironment()),
    ["healthcheck"] => await Dialler.HealthAsync(UpstreamOptions.FromEnvironment()),
    ["fetch", var url] => await NetClient.FetchAsync(new Uri(url)),
    ["dial", var kind, var address, var port] => await Dialler.RunAsync(kind, address, port),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: demo-upstream [healthcheck | fetch URL | dial tcp|udp|dns ADDRESS PORT]");
    return 2;
}
