using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace Formation.Shop.Messaging;

/// <summary>
/// Le traçage distribué, sans paquet de plus : .NET produit des <see cref="Activity"/>, et le header <c>traceparent</c>
/// (W3C Trace Context) les relie d'un processus à l'autre. OpenTelemetry lit les mêmes objets.
/// </summary>
public static class Tracing
{
    /// <summary>Nom de la source ; avec OpenTelemetry, <c>tracing.AddSource(Tracing.SourceName)</c>.</summary>
    public const string SourceName = "Formation.Shop";

    /// <summary>D'où viennent toutes les étapes de la démo.</summary>
    public static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// Écoute la source : sans auditeur, <see cref="ActivitySource.StartActivity(string, ActivityKind)"/> rend <c>null</c>.
    /// OpenTelemetry apporte le sien ; retirez alors cet appel.
    /// </summary>
    public static void Listen() => ActivitySource.AddActivityListener(new ActivityListener
    {
        ShouldListenTo = source => source.Name == SourceName,
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    });

    // <inject>
    /// <summary>Attache l'étape en cours au message.</summary>
    public static void Inject(Activity? activity, Headers headers)
    {
        if (activity?.Id is not string traceParent)
        {
            return;
        }

        headers.Add("traceparent", Encoding.UTF8.GetBytes(traceParent)); // 00-<trace>-<étape>-01
        if (!string.IsNullOrEmpty(activity.TraceStateString))
        {
            headers.Add("tracestate", Encoding.UTF8.GetBytes(activity.TraceStateString));
        }
    }
    // </inject>

    // <extract>
    /// <summary>Retrouve l'étape qui a écrit le message ; la valeur par défaut s'il n'en dit rien.</summary>
    public static ActivityContext Extract(Headers? headers)
    {
        ActivityContext.TryParse(
            Text(headers, "traceparent"), Text(headers, "tracestate"), isRemote: true, out ActivityContext parent);
        return parent;
    }
    // </extract>

    private static string? Text(Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out byte[] bytes) && bytes is not null
            ? Encoding.UTF8.GetString(bytes)
            : null;
}
