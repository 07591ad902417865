using Confluent.Kafka;

namespace Formation.Shop.OrderApi;

// <shutdown>
/// <summary>
/// À l'arrêt, attend les rapports des messages encore en file. Le serveur HTTP s'est arrêté avant, dans l'ordre inverse du
/// démarrage : plus aucune requête n'en ajoute.
/// </summary>
public sealed class ProducerShutdown(IProducer<string, string> producer, ILogger<ProducerShutdown> logger) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        int remaining;
        while ((remaining = producer.Flush(TimeSpan.FromSeconds(1))) > 0 && !cancellationToken.IsCancellationRequested)
        {
            logger.LogInformation("Encore {Remaining} message(s) sans rapport", remaining);
        }

        return Task.CompletedTask;
    }
}
// </shutdown>
