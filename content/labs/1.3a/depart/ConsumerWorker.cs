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

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(
            () => Run(stoppingToken),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

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

            // 4. À vous : quittez le groupe par Close(), quelle que soit la façon dont on sort d'ici.
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
            lifetime.StopApplication();
        }
    }

    private void PollOnce(CancellationToken stop)
    {
        // 3. À vous : rendez la main au moins une fois par seconde, même quand rien n'arrive (PollTimeout),
        //    dans la méthode Poll ci-dessous.
        ConsumeResult<byte[], byte[]>? result = Poll(stop);
        if (result is null)
        {
            return; // rien à lire pour l'instant
        }

        // 5. À vous : stockez l'offset après le traitement, par StoreOffset, sauf si Handle rend Interrupted.
        pipeline.Handle(result, stop);
    }

    private ConsumeResult<byte[], byte[]>? Poll(CancellationToken stop)
    {
        try
        {
            return consumer.Consume(stop);
        }
        catch (OperationCanceledException)
        {
            return null; // l'arrêt est demandé : la boucle le verra
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
}
