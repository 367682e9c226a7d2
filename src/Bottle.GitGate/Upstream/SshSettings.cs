using System.Text;
using Bottle.Contracts.Git;

namespace Bottle.GitGate.Upstream;

/// <summary>The ssh configuration of one repository: its own key, its own pinned host keys, one connection that stays open.</summary>
internal static class SshSettings
{
    /// <summary>The file's text.</summary>
    /// <param name="name">The repository's name: names of its key, its known_hosts and its control socket.</param>
    /// <param name="proxy">Host and port of an HTTP proxy whose CONNECT leads to upstream, or null for a direct way.</param>
    public static string Render(string name, SshProxy? proxy)
    {
        var text = new StringBuilder($"""
            Host *
              IdentityFile {GatePaths.Keys}/{name}
              IdentitiesOnly yes
              IdentityAgent none
              PreferredAuthentications publickey
              UserKnownHostsFile {GatePaths.KnownHosts}/{name}
              GlobalKnownHostsFile /dev/null
              StrictHostKeyChecking yes
              UpdateHostKeys no
              CheckHostIP no
              VerifyHostKeyDNS no
              CanonicalizeHostname no
              BatchMode yes
              ConnectTimeout 15
              ConnectionAttempts 1
              ServerAliveInterval 5
              ServerAliveCountMax 3
              ControlMaster auto
              ControlPath {GatePaths.Work}/ssh/{name}-%C
              ControlPersist 900
              ForwardAgent no
              ForwardX11 no
              ClearAllForwardings yes
              PermitLocalCommand no
              RequestTTY no
              EscapeChar none
              LogLevel ERROR

            """);
        if (proxy is not null)
        {
            // nc hands the connected socket to ssh and ends (-F), so nothing is copied in between. It gives reasons only with -v, and ssh drops them when ControlPersist is on: they go to a file.
            text.Append($"""
                  ProxyCommand /usr/bin/nc -F -v -w 15 -X connect -x {proxy.Host}:{proxy.Port} %h %p 2> {ProxyErrors(name)}
                  ProxyUseFdpass yes

                """);
        }
        return text.ToString();
    }

    /// <summary>What went wrong on the way upstream: git's and ssh's words, and the proxy's when it never let ssh through.</summary>
    public static string Words(string name, string error) =>
        error.Contains(UpstreamTrouble.NoProxy, StringComparison.Ordinal) && File.Exists(ProxyErrors(name)) ? File.ReadAllText(ProxyErrors(name)) + error : error;

    /// <summary>What git is told to run.</summary>
    public static string Command(string name) => $"/usr/bin/ssh -F {FileOf(name)}";

    /// <summary>Where the file lies.</summary>
    public static string FileOf(string name) => $"{GatePaths.Work}/ssh/{name}.conf";

    private static string ProxyErrors(string name) => $"{GatePaths.Work}/ssh/{name}.proxy";

    /// <summary>Writes the file of a repository.</summary>
    public static void Write(GateRepository repository, SshProxy? proxy) => File.WriteAllText(FileOf(repository.Name), Render(repository.Name, proxy));
}
