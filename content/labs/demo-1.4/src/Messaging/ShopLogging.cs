using Confluent.Kafka;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Formation.Shop.Messaging;

/// <summary>Des logs structurés, qui portent l'identifiant de trace.</summary>
public static class ShopLogging
{
    // <logging>
    /// <summary>JSON dans un conteneur (<c>LOG_FORMAT=json</c>), une ligne lisible sinon.</summary>
    public static void AddShopLogging(this WebApplicationBuilder builder)
    {
        // L'hôte met TraceId et SpanId dans les « scopes » : il suffit de les écrire.
        builder.Logging.ClearProviders();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (EnvironmentReader.Text("LOG_FORMAT", "simple").Equals("json", StringComparison.OrdinalIgnoreCase))
        {
            builder.Logging.AddJsonConsole(console => console.IncludeScopes = true);
            return;
        }

        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.IncludeScopes = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
    }
    // </logging>

    /// <summary>Recopie un log de librdkafka. Appelé depuis ses threads : rester bref, ne rien demander au client.</summary>
    public static void Forward(ILogger logger, LogMessage entry) => logger.Log(
        (LogLevel)entry.LevelAs(LogLevelType.MicrosoftExtensionsLogging),
        "librdkafka {Facility} : {Message}",
        entry.Facility,
        entry.Message);
}
