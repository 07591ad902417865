using Confluent.Kafka;

namespace Formation.OrderConsumer;

/// <summary>La boucle de lecture, sur un thread à elle, de l'abonnement à <c>Close</c>.</summary>
public sealed class ConsumerWorker(
    IConsumer<byte[], byte[]> consumer,
    OrderPipeline pipeline,
    ConsumerPulse pulse,
    ConsumerSettings settings,
    IHostApplicationLifetime lifetime,
    ILogger<ConsumerWorker> logger) : BackgroundService
{
    /// <summary>Attente d'un message, au plus : la boucle doit battre même quand rien n'arrive.</summary>
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Code de sortie du programme.</summary>
    public int Result { get; private set; } = ExitCode.Success;

    // <long-running>
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(
            () => Run(stoppingToken),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    // </long-running>

    // <graceful-stop>
    private void Run(CancellationToken stop)
    {
        try
        {
            consumer.Subscribe(settings.Topic);
            logger.LogInformation(
                "Abonné à {Topic}, groupe {GroupId}", settings.Topic, settings.GroupId);
            while (!stop.IsCancellationRequested)
            {
                PollOnce(stop);
            }
        }
        catch (Exception error)
        {
            // Fatale, sans droits, DLQ injoignable, bogue : s'arrêter, sans rien stocker
            // de plus. Kubernetes relancera.
            logger.LogCritical(error, "Arrêt sur erreur");
            Result = ExitCode.Failed;
        }
        finally
        {
            LeaveGroup();
            lifetime.StopApplication();
        }
    }

    private void LeaveGroup()
    {
        try
        {
            // Valide ce qui est stocké, rend les partitions, prévient le groupe.
            consumer.Close();
            logger.LogInformation("Groupe {GroupId} quitté proprement", settings.GroupId);
        }
        catch (KafkaException error)
        {
            Error reason = error.Error;
            logger.LogWarning("Close : {Code}, {Reason}", reason.Code, reason.Reason);
        }
    }
    // </graceful-stop>

    // <poll-loop>
    private void PollOnce(CancellationToken stop)
    {
        ConsumeResult<byte[], byte[]>? result = Poll();
        if (result is null)
        {
            return; // rien à lire pour l'instant
        }

        if (pipeline.Handle(result, stop) != Outcome.Interrupted)
        {
            StoreOffset(result);
        }
    }

    private ConsumeResult<byte[], byte[]>? Poll()
    {
        try
        {
            return consumer.Consume(PollTimeout);
        }
        catch (ConsumeException error) when (CanContinue(error.Error))
        {
            // Topic encore absent, max.poll.interval dépassé… : le dire, et continuer.
            Error reason = error.Error;
            logger.LogWarning("Consume : {Code}, {Reason}", reason.Code, reason.Reason);
            return null;
        }
        finally
        {
            pulse.Beat();
        }
    }

    // Sans droits, aucun message ne passera ; après une erreur fatale, ce consumer est fini.
    private static bool CanContinue(Error error) =>
        !error.IsFatal
        && error.Code is not ErrorCode.TopicAuthorizationFailed
            and not ErrorCode.GroupAuthorizationFailed;
    // </poll-loop>

    // <store-offset>
    private void StoreOffset(ConsumeResult<byte[], byte[]> result)
    {
        try
        {
            // Stocke l'offset + 1 ; l'auto-commit l'enverra au broker.
            consumer.StoreOffset(result);
        }
        catch (KafkaException error) when (error.Error.Code == ErrorCode.Local_State)
        {
            // La partition n'est plus à nous : son nouveau lecteur reprendra ce message.
            logger.LogWarning(
                "{Position} sera relu ailleurs", result.TopicPartitionOffset.Text());
        }
    }
    // </store-offset>
}
