using Bottle.Benchmarks.Machine;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Contestants;

/// <summary>squid (Debian's squid-openssl) with ssl-bump: one worker in the foreground, everything it writes in the run's own folder.</summary>
internal sealed class Squid : IContestant
{
    private const string CertificateHelper = "/usr/lib/squid/security_file_certgen";

    public string Name => "squid";

    public RunningContestant Start(Rig rig)
    {
        var folder = rig.NewFolder(Name);
        var address = Workspace.FreeAddress();
        var hosts = Workspace.Write(folder, "hosts", $"{rig.Origin.Address} {Rig.Host}\n");
        var database = Path.Combine(folder, "certificates");
        Child.Run(folder, CertificateHelper, "-c", "-s", database, "-M", "4MB");
        var file = Workspace.Write(folder, "squid.conf", $"""
            http_port {address} ssl-bump tls-cert={rig.ProxyAuthority.BothFile} generate-host-certificates=on dynamic_cert_mem_cache_size=4MB
            sslcrtd_program {CertificateHelper} -s {database} -M 4MB
            sslcrtd_children 1 startup=1 idle=1
            ssl_bump bump all
            tls_outgoing_options cafile={rig.OriginAuthority.CertificateFile}
            hosts_file {hosts}
            acl CONNECT method CONNECT
            acl origin dstdomain {Rig.Host}
            acl origin_port port {rig.Origin.Port}
            acl listed_path urlpath_regex ^/v1/
            acl listed_method method GET POST
            http_access allow CONNECT origin origin_port
            http_access allow origin origin_port listed_path listed_method
            http_access deny all
            request_header_access Authorization deny all
            request_header_access Cookie deny all
            request_header_access X-Api-Key deny all
            request_header_add Authorization "{Rig.Credential}" origin
            cache deny all
            cache_mem 8 MB
            memory_pools off
            access_log stdio:{folder}/access.log
            cache_log {folder}/cache.log
            coredump_dir {folder}
            pid_filename {folder}/squid.pid
            pinger_enable off
            netdb_filename none
            shutdown_lifetime 1 seconds
            max_filedescriptors 8192
            read_timeout 1 hour
            forwarded_for delete
            via off
            visible_hostname bench

            """);
        string[] command = ["/usr/sbin/squid", "-N", "-f", file];
        if (Environment.IsPrivilegedProcess)
        {
            // Squid refuses to work as root. It is started as its own user, since one that changes its user outlives a benchmark that is killed.
            Child.Run(folder, "chown", "-R", "proxy:", folder);
            command = ["setpriv", "--reuid", "proxy", "--regid", "proxy", "--clear-groups", "--pdeathsig", "TERM", .. command];
        }
        var child = Child.Start(rig.Layout.Proxy, Path.Combine(folder, "output.log"), new Dictionary<string, string>(), command[0], command[1..]);
        var target = new Target(address, Rig.Host, rig.Origin.Port, rig.ProxyAuthority.CertificateFile, IsForwardProxy: true, Credential: null);
        return new RunningContestant(target, child, folder);
    }
}
