using Bottle.Benchmarks.Machine;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Contestants;

/// <summary>nginx as a reverse proxy from TLS to TLS with the header set: no CONNECT and no minted certificates, so it is the physical floor of the job and not a competitor.</summary>
internal sealed class NginxReverse : IContestant
{
    public string Name => "nginx";

    public RunningContestant Start(Rig rig)
    {
        var folder = rig.NewFolder(Name);
        var address = Workspace.FreeAddress();
        var (certificate, key) = rig.ProxyAuthority.Issue(Rig.Host);
        var file = Workspace.Write(folder, "nginx.conf", $$"""
            daemon off;
            worker_processes 1;
            user root;
            pid {{folder}}/nginx.pid;
            error_log {{folder}}/error.log warn;
            events { worker_connections 4096; }
            http {
              access_log {{folder}}/access.log;
              client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
              client_max_body_size 0;
              keepalive_requests 1000000000;
              upstream origin { server {{rig.Origin}}; keepalive 128; keepalive_requests 1000000000; }
              server {
                listen {{address}} ssl;
                server_name {{Rig.Host}};
                ssl_certificate {{certificate}};
                ssl_certificate_key {{key}};
                ssl_protocols TLSv1.2 TLSv1.3;
                location / { return 403; }
                location /v1/ {
                  limit_except GET POST { deny all; }
                  proxy_pass https://origin;
                  proxy_http_version 1.1;
                  proxy_ssl_name {{Rig.Host}};
                  proxy_ssl_server_name on;
                  proxy_ssl_protocols TLSv1.2 TLSv1.3;
                  proxy_ssl_verify on;
                  proxy_ssl_trusted_certificate {{rig.OriginAuthority.CertificateFile}};
                  proxy_set_header Host {{rig.OriginName}};
                  proxy_set_header Connection "";
                  proxy_set_header Cookie "";
                  proxy_set_header X-Api-Key "";
                  proxy_set_header Authorization "{{Rig.Credential}}";
                  proxy_request_buffering off;
                  proxy_buffering off;
                  proxy_buffer_size 64k;
                  proxy_buffers 4 64k;
                  proxy_read_timeout 1h;
                }
              }
            }

            """);
        var child = Child.Start(rig.Layout.Proxy, Path.Combine(folder, "output.log"), new Dictionary<string, string>(), "/usr/sbin/nginx", "-p", folder, "-c", file);
        var target = new Target(address, Rig.Host, rig.Origin.Port, rig.ProxyAuthority.CertificateFile, IsForwardProxy: false, Credential: null);
        return new RunningContestant(target, child, folder);
    }
}
