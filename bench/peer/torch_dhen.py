#!/usr/bin/env python3
"""Training-step benchmark of a DHEN ranking model with FM attention, in PyTorch (CPU).

Methods: plain (one task), c2al (primary + two auxiliary heads), mmoe (three tasks,
mixture of experts above the trunk), pcgrad (three tasks, gradient surgery).
docs/model.md states the model exactly.  Needs torch >= 1.13 and numpy.
"""
import argparse, json, math, os, resource, statistics, sys, time


def parse_args(argv=None):
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    a = p.add_argument
    a("--method", default="plain", choices=["plain", "c2al", "mmoe", "pcgrad"])
    a("--batch", type=int, default=2048)
    a("--threads", type=int, default=1)
    a("--optimizer", default="adam", choices=["adam", "adagrad"])
    a("--lr", type=float, default=1e-3)
    a("--compile", action="store_true", help="torch.compile the dense part (fwd+bwd)")
    a("--compile-mode", default="default", help="default | max-autotune-no-cudagraphs | ...")
    a("--steps", type=int, default=0, help="steps per repeat; 0 = enough for --seconds")
    a("--seconds", type=float, default=2.0, help="length of a repeat when --steps is 0")
    a("--warmup", type=int, default=5)
    a("--repeat", type=int, default=5)
    a("--fm", default="auto", choices=["auto", "sym", "bmm", "xxt", "mulsum", "loop"],
      help="how G = X X^T Y is computed: auto = sym, the fastest here (bmm with --pcgrad-impl vmap)")
    a("--y", default="mlp", choices=["mlp", "param"], help="Y per sample from an MLP, or a parameter")
    a("--emb", default="manual", choices=["manual", "sparse", "bag"],
      help="manual: gather + de-duplicated row update; sparse: nn.Embedding(sparse=True) + "
           "SparseAdam/Adagrad; bag: nn.EmbeddingBag(sparse=True) + the same")
    a("--fuse", type=int, default=0, choices=[0, 1],
      help="1: the four linears that read x run as one GEMM, the two that are summed as one "
           "(measured: no faster)")
    a("--pcgrad-impl", default="loop", choices=["loop", "vmap"])
    a("--fused-opt", type=int, default=1, help="fused CPU optimizer where torch has one")
    a("--bf16", action="store_true", help="bf16 autocast for the dense part (another precision)")
    a("--vocab", type=int, default=1_000_000, help="total embedding rows")
    a("--vocab-decay", type=float, default=0.7, help="field j has a share ~ decay^j of the rows")
    a("--fields", type=int, default=26)
    a("--dense", type=int, default=13)
    a("--dim", type=int, default=16)
    a("--k", type=int, default=16)
    a("--layers", type=int, default=2)
    a("--attn-hidden", type=int, default=64)
    a("--mlp-hidden", type=int, default=256)
    a("--cross-rank", type=int, default=32)
    a("--bottom-hidden", type=int, default=64)
    a("--top", type=int, nargs="+", default=[256, 128, 64])
    a("--experts", type=int, default=4)
    a("--expert-hidden", type=int, default=128)
    a("--lambda-head", type=float, default=0.2)
    a("--lambda-tail", type=float, default=0.2)
    a("--zipf", type=float, default=1.1)
    a("--batches", type=int, default=0, help="pre-generated batches; 0 = about 131072 samples")
    a("--seed", type=int, default=1)
    a("--quiet-gflops", type=float, default=0.0,
      help="on a shared machine: a repeat counts as quiet only where a plain sgemm reaches this "
           "just before and just after it; noisy repeats are tried again for up to --wait seconds")
    a("--wait", type=float, default=20.0)
    a("--json", default="", help="append one JSON line here")
    a("--tag", default="")
    a("--profile", action="store_true", help="also print torch.profiler's table of operators")
    a("--loss-every", type=int, default=0, help="print the mean loss every N steps (not for timing)")
    return p.parse_args(argv)


if __name__ == "__main__":
    ARGS = parse_args()
    # BLAS and OpenMP pools are sized when they load, so before torch is imported.
    for _v in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[_v] = str(ARGS.threads)

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


# ----------------------------------------------------------------------------- data
def vocab_sizes(total, fields, decay):
    w = np.power(decay, np.arange(fields))
    v = np.maximum(4, np.floor(total * w / w.sum()).astype(np.int64))
    v[0] += total - v.sum()
    return v


def make_batches(cfg, n, seed=1):
    """n batches of (ids [B,26] rows of the concatenated table, dense [B,13], labels [B,3])."""
    rng = np.random.default_rng(seed)
    vs = vocab_sizes(cfg.vocab, cfg.fields, cfg.vocab_decay)
    off = np.concatenate([[0], np.cumsum(vs)[:-1]])
    N, B = n * cfg.batch, cfg.batch
    ids = np.empty((N, cfg.fields), np.int64)
    for j, v in enumerate(vs):
        cdf = np.cumsum(np.arange(1, v + 1, dtype=np.float64) ** -cfg.zipf)
        rank = np.searchsorted(cdf, rng.random(N) * cdf[-1])
        # scatter popular ranks over the table, as hashing does (a bijection: the factor is prime)
        ids[:, j] = off[j] + (rank * 2654435761 + 12345) % v
    dense = np.log1p(rng.exponential(2.0, (N, cfg.dense))).astype(np.float32)
    # a teacher, so that the loss can be seen to fall: row effects of eight fields + dense part
    eff = rng.standard_normal(cfg.vocab).astype(np.float32)
    logit = (-1.5 + 0.4 * eff[ids[:, -8:]].sum(1) + 0.3 * dense[:, 0] * dense[:, 1] - 0.2 * dense[:, 2])
    y = (rng.random(N) < 1 / (1 + np.exp(-logit))).astype(np.float32)
    u = rng.random(N)
    lab = np.stack([y, y * (u < 0.3), y * (u > 0.9)], 1).astype(np.float32)
    return [(torch.from_numpy(ids[i * B:(i + 1) * B].copy()),
             torch.from_numpy(dense[i * B:(i + 1) * B].copy()),
             torch.from_numpy(lab[i * B:(i + 1) * B].copy())) for i in range(n)]


# ----------------------------------------------------------------------------- model
class SymFM(torch.autograd.Function):
    """G = S Y with S = X X^T kept for the backward pass: dY = S dG, dX = (M + M^T) X, M = dG Y^T.
    Five small products in place of the six that autograd makes of E^T (E Y)."""

    @staticmethod
    def forward(ctx, E, Y):
        S = torch.bmm(E.transpose(1, 2), E)
        ctx.save_for_backward(E, Y, S)
        return torch.bmm(S, Y)

    @staticmethod
    def backward(ctx, dG):
        E, Y, S = ctx.saved_tensors
        M = torch.bmm(dG, Y.transpose(1, 2))
        return torch.bmm(E, M + M.transpose(1, 2)), torch.bmm(S, dG)


def fm_attention(E, Y, how):
    """G = X X^T Y with E = X^T stored as [B, m, d]; Y [B, d, k] or [d, k]; G [B, d, k]."""
    if how == "sym" and Y.dim() == 3:
        return SymFM.apply(E, Y)
    if how == "sym":
        how = "bmm"
    if Y.dim() == 2 and how != "xxt":
        P = E @ Y                                        # one GEMM
    elif how == "bmm":
        P = torch.bmm(E, Y)
    elif how == "xxt":
        S = torch.bmm(E.transpose(1, 2), E)
        return S @ Y if Y.dim() == 2 else torch.bmm(S, Y)
    elif how == "mulsum":
        P = (E.unsqueeze(3) * Y.unsqueeze(1)).sum(2)
    else:                                                # loop over the contracted index
        P = E[:, :, 0:1] * Y[:, 0:1, :]
        for a in range(1, E.shape[2]):
            P = torch.addcmul(P, E[:, :, a:a + 1], Y[:, a:a + 1, :])
    if how == "bmm":
        return torch.bmm(E.transpose(1, 2), P)
    if how == "mulsum":
        return (E.unsqueeze(3) * P.unsqueeze(2)).sum(1)
    G = E[:, 0, :, None] * P[:, 0, None, :]
    for j in range(1, E.shape[1]):
        G = torch.addcmul(G, E[:, j, :, None], P[:, j, None, :])
    return G


class DHENLayer(nn.Module):
    """X -> LayerNorm(S x + FM(X) + Cross(x) + MLP(x)), x = the m*d numbers field after field."""

    def __init__(self, c):
        super().__init__()
        m, d, k = c.fields + 1, c.dim, c.k
        D = m * d
        self.m, self.d, self.k, self.how, self.y = m, d, k, c.fm, c.y
        if c.y == "mlp":
            self.attn1 = nn.Linear(D, c.attn_hidden)
            self.attn2 = nn.Linear(c.attn_hidden, d * k)
        else:
            self.Y = nn.Parameter(torch.empty(d, k).uniform_(-1, 1) / math.sqrt(d))
        self.fm_out = nn.Linear(d * k, D, bias=False)    # mlp2's bias serves the whole sum
        self.cross_v = nn.Linear(D, c.cross_rank, bias=False)
        self.cross_u = nn.Linear(c.cross_rank, D)
        self.mlp1 = nn.Linear(D, c.mlp_hidden)
        self.mlp2 = nn.Linear(c.mlp_hidden, D)
        self.short = nn.Linear(D, D, bias=False)
        self.norm = nn.LayerNorm(D, eps=1e-5)

    def attention(self, x):
        if self.y == "param":
            return self.Y
        return self.attn2(F.relu(self.attn1(x))).view(-1, self.d, self.k)

    def forward(self, x, trace=None):
        E = x.view(-1, self.m, self.d)
        Y = self.attention(x)
        G = fm_attention(E, Y, self.how)
        fm = self.fm_out(G.reshape(x.shape[0], -1))
        cross = x * self.cross_u(self.cross_v(x)) + x
        mlp = self.mlp2(F.relu(self.mlp1(x)))
        out = self.norm(self.short(x) + fm + cross + mlp)
        if trace is not None:
            trace.update(X=E, Y=Y, G=G, fm=fm, cross=cross, mlp=mlp, out=out)
        return out


class FusedDHENLayer(nn.Module):
    """The same function with the linears that share an input, or are summed, as one GEMM each."""

    def __init__(self, c):
        super().__init__()
        m, d, k = c.fields + 1, c.dim, c.k
        D = m * d
        self.m, self.d, self.k, self.how, self.y = m, d, k, c.fm, c.y
        # rows: short and cross_v (no bias), then mlp1 and attn1 (bias)
        self.split = [D, c.cross_rank, c.mlp_hidden] + ([c.attn_hidden] if c.y == "mlp" else [])
        bound = 1 / math.sqrt(D)
        self.w_in = nn.Parameter(torch.empty(sum(self.split), D).uniform_(-bound, bound))
        self.b_in = nn.Parameter(torch.empty(sum(self.split[2:])).uniform_(-bound, bound))
        if c.y == "mlp":
            self.attn2 = nn.Linear(c.attn_hidden, d * k)
        else:
            self.Y = nn.Parameter(torch.empty(d, k).uniform_(-1, 1) / math.sqrt(d))
        self.cross_u = nn.Linear(c.cross_rank, D)
        fm, mlp = nn.Linear(d * k, D, bias=False), nn.Linear(c.mlp_hidden, D)
        self.w_out = nn.Parameter(torch.cat([fm.weight, mlp.weight], 1).detach())
        self.b_out = nn.Parameter(mlp.bias.detach())
        self.norm = nn.LayerNorm(D, eps=1e-5)

    def load(self, l):
        """Takes over the weights of a DHENLayer."""
        with torch.no_grad():
            mlp = self.y == "mlp"
            self.w_in.copy_(torch.cat([l.short.weight, l.cross_v.weight, l.mlp1.weight]
                                      + ([l.attn1.weight] if mlp else [])))
            self.b_in.copy_(torch.cat([l.mlp1.bias] + ([l.attn1.bias] if mlp else [])))
            self.w_out.copy_(torch.cat([l.fm_out.weight, l.mlp2.weight], 1))
            self.b_out.copy_(l.mlp2.bias)
        for n in ("cross_u", "norm", "attn2"):
            if hasattr(self, n):
                getattr(self, n).load_state_dict(getattr(l, n).state_dict())
        if not mlp:
            self.Y.data.copy_(l.Y)

    def forward(self, x):
        E = x.view(-1, self.m, self.d)
        z = F.linear(x, self.w_in, F.pad(self.b_in, (self.split[0] + self.split[1], 0)))
        s, v, hm, *ha = z.split(self.split, 1)
        Y = self.attn2(F.relu(ha[0])).view(-1, self.d, self.k) if ha else self.Y
        G = fm_attention(E, Y, self.how)
        o = F.linear(torch.cat([G.reshape(x.shape[0], -1), F.relu(hm)], 1), self.w_out, self.b_out)
        return self.norm(o + s + torch.addcmul(x, x, self.cross_u(v)))


class MMoETop(nn.Module):
    """experts x (D -> hidden -> h), ReLU after both; per-task softmax gate on x; one head a task."""

    def __init__(self, c, D, tasks):
        super().__init__()
        n, e, h = c.experts, c.expert_hidden, c.top[-1]
        self.n, self.e, self.h, self.tasks = n, e, h, tasks
        self.w1 = nn.Linear(D, n * e)                    # the experts' first layers, one GEMM
        self.w2 = nn.Parameter((torch.rand(n, e, h) * 2 - 1) / math.sqrt(e))
        self.b2 = nn.Parameter((torch.rand(n, 1, h) * 2 - 1) / math.sqrt(e))
        self.gate = nn.Linear(D, tasks * n)
        self.head_w = nn.Parameter((torch.rand(tasks, h) * 2 - 1) / math.sqrt(h))
        self.head_b = nn.Parameter((torch.rand(tasks) * 2 - 1) / math.sqrt(h))

    def forward(self, x):
        B = x.shape[0]
        z = F.relu(self.w1(x)).view(B, self.n, self.e).transpose(0, 1)
        z = F.relu(torch.baddbmm(self.b2, z, self.w2))                     # [n, B, h]
        g = self.gate(x).view(B, self.tasks, self.n).softmax(2)
        # head_t(sum_n g_tn z_n) = sum_n g_tn (head_t . z_n): n*B*h*tasks, no [B,tasks,h] tensor
        s = torch.matmul(z, self.head_w.t())                               # [n, B, tasks]
        return (g * s.permute(1, 2, 0)).sum(2) + self.head_b


class Experts(nn.Module):
    """n experts in -> hidden -> h, ReLU after both; [B, in] -> [B, n, h]."""

    def __init__(self, n, inp, hidden, h):
        super().__init__()
        self.n, self.e = n, hidden
        self.w1 = nn.Linear(inp, n * hidden)
        self.w2 = nn.Parameter((torch.rand(n, hidden, h) * 2 - 1) / math.sqrt(hidden))
        self.b2 = nn.Parameter((torch.rand(n, 1, h) * 2 - 1) / math.sqrt(hidden))

    def forward(self, x):
        z = F.relu(self.w1(x)).view(x.shape[0], self.n, self.e).transpose(0, 1)
        return F.relu(torch.baddbmm(self.b2, z, self.w2)).transpose(0, 1)


class PLELevel(nn.Module):
    """Shared experts and each task's own, side by side.  Task t's gate sees the shared experts and its own, on the
    stream of task t; the shared gate (not on the last level) sees all experts, on the shared stream."""

    def __init__(self, c, inp, tasks, last):
        super().__init__()
        h, (ns, nt) = c.top[-1], (c.ple_experts, c.ple_task_experts)
        self.tasks, self.last, self.ns, self.nt = tasks, last, ns, nt
        self.shared = Experts(ns, inp, c.expert_hidden, h)
        self.gate = nn.ModuleDict()
        for t in range(tasks):
            setattr(self, "task%d" % t, Experts(nt, inp, c.expert_hidden, h))
            self.gate["task%d" % t] = nn.Linear(inp, ns + nt)
        if not last:
            self.gate["shared"] = nn.Linear(inp, ns + tasks * nt)

    def forward(self, streams, trace=None):
        """tasks + 1 streams, the shared one last -> as many, on the last level one a task."""
        z = [self.shared(streams[-1])] + [getattr(self, "task%d" % t)(streams[t]) for t in range(self.tasks)]
        every = torch.cat(z, 1)                                            # [B, experts, h]
        out, gates = [], []
        for name, x in zip(["task%d" % t for t in range(self.tasks)] + ["shared"], streams):
            if name not in self.gate:
                continue
            p = self.gate[name](x).softmax(1)
            seen = list(range(every.shape[1]))
            if name != "shared":
                first = self.ns + self.nt * int(name[4:])
                seen = list(range(self.ns)) + list(range(first, first + self.nt))
            out.append((p[:, :, None] * every[:, seen]).sum(1))
            whole = torch.zeros(every.shape[:2], dtype=p.dtype)
            whole[:, seen] = p.detach()
            gates.append(whole)
        if trace is not None:
            trace["experts"], trace["gates"] = every, torch.stack(gates, 1)
        return out


class PLETop(nn.ModuleDict):
    """Levels of experts in place of the top MLP; one head a task on its stream of the last level."""

    def __init__(self, c, D, tasks):
        n, h = c.ple_levels, c.top[-1]
        super().__init__({str(l): PLELevel(c, h if l else D, tasks, l + 1 == n) for l in range(n)})
        self.tasks = tasks
        self.head_w = nn.Parameter((torch.rand(tasks, h) * 2 - 1) / math.sqrt(h))
        self.head_b = nn.Parameter((torch.rand(tasks) * 2 - 1) / math.sqrt(h))

    def forward(self, x, trace=None):
        streams = [x] * (self.tasks + 1)
        for l, level in self.items():
            t = None if trace is None else {}
            streams = level(streams, t)
            for k, v in (t or {}).items():
                trace["level%s/%s" % (l, k)] = v
        h = torch.stack(streams, 1)                                        # [B, tasks, h]
        if trace is not None:
            trace["h_task"] = h
        return (h * self.head_w).sum(2) + self.head_b


class DHEN(nn.Module):
    """Dense part: embedded fields [B, 26, d] and dense features -> logits [B, tasks]."""

    def __init__(self, c):
        super().__init__()
        self.c = c
        self.tasks = 1 if c.method == "plain" else 3
        D = (c.fields + 1) * c.dim
        self.bottom1 = nn.Linear(c.dense, c.bottom_hidden)
        self.bottom2 = nn.Linear(c.bottom_hidden, c.dim)
        L = FusedDHENLayer if getattr(c, "fuse", 0) else DHENLayer
        self.layers = nn.ModuleList(L(c) for _ in range(c.layers))
        if c.method == "mmoe":
            self.mmoe = MMoETop(c, D, self.tasks)
        elif c.method == "ple":                          # for the fixture; not timed here
            self.ple = PLETop(c, D, self.tasks)
        else:
            dims = [D] + list(c.top)
            self.top = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims, dims[1:]))
            self.head = nn.Linear(dims[-1], self.tasks)  # rows: primary, head cohort, tail cohort

    def input(self, E_cat, dense):
        z = self.bottom2(F.relu(self.bottom1(dense)))
        return torch.cat([E_cat.flatten(1), z], 1)       # x_0; the dense vector is the last field

    def represent(self, E_cat, dense):
        x = self.input(E_cat, dense)
        for l in self.layers:
            x = l(x)
        for t in self.top:
            x = F.relu(t(x))
        return x

    def forward(self, E_cat, dense):
        if self.c.method in ("mmoe", "ple"):
            x = self.input(E_cat, dense)
            for l in self.layers:
                x = l(x)
            return getattr(self, self.c.method)(x)
        return self.head(self.represent(E_cat, dense))


class LossModel(nn.Module):
    """Embedded fields, dense, labels -> the loss (or the weighted per-task losses for PCGrad)."""

    def __init__(self, c):
        super().__init__()
        self.net = DHEN(c)
        self.per_task = c.method == "pcgrad"
        w = [1.0] if c.method == "plain" else [1.0, c.lambda_head, c.lambda_tail]
        self.register_buffer("w", torch.tensor(w))

    def forward(self, E, dense, lab):
        z = self.net(E, dense)
        l = F.binary_cross_entropy_with_logits(z, lab[:, :z.shape[1]].to(z.dtype), reduction="none")
        l = l.mean(0) * self.w
        return l if self.per_task else l.sum()


# ----------------------------------------------------------------------------- embeddings
class Table:
    """One table for all fields, kept outside autograd: gather makes a leaf [B,26,d]; the update
    sums the leaf's gradient over equal rows and applies Adam (lazy, as SparseAdam) or Adagrad
    to the touched rows only."""

    def __init__(self, c):
        self.d, self.lr, self.kind = c.dim, c.lr, c.optimizer
        self.w = torch.empty(c.vocab, c.dim).uniform_(-1 / math.sqrt(c.dim), 1 / math.sqrt(c.dim))
        self.v = torch.zeros_like(self.w)
        self.m = torch.zeros_like(self.w) if self.kind == "adam" else None
        self.t = 0

    def gather(self, ids):
        E = F.embedding(ids, self.w)
        return E.requires_grad_()

    def dedup(self, ids, *grads):
        rows, inv = torch.unique(ids, return_inverse=True)
        inv = inv.view(-1)
        return rows, [torch.zeros(rows.numel(), self.d).index_add_(0, inv, g.reshape(-1, self.d))
                      for g in grads]

    @torch.no_grad()
    def update(self, rows, g):
        self.t += 1
        w, v = self.w, self.v
        if self.kind == "adagrad":
            s = v.index_select(0, rows).addcmul_(g, g)
            v.index_copy_(0, rows, s)
            w.index_add_(0, rows, g.div_(s.sqrt_().add_(1e-10)), alpha=-self.lr)
        else:
            b1, b2 = 0.9, 0.999
            m1 = self.m.index_select(0, rows).lerp_(g, 1 - b1)
            m2 = v.index_select(0, rows).mul_(b2).addcmul_(g, g, value=1 - b2)
            self.m.index_copy_(0, rows, m1)
            v.index_copy_(0, rows, m2)
            step = self.lr * math.sqrt(1 - b2 ** self.t) / (1 - b1 ** self.t)
            w.index_add_(0, rows, m1.div_(m2.sqrt_().add_(1e-8)), alpha=-step)


class AutogradTable:
    """nn.Embedding / nn.EmbeddingBag with sparse gradients and torch's sparse optimizers."""

    def __init__(self, c):
        cls = nn.Embedding if c.emb == "sparse" else nn.EmbeddingBag
        kw = {} if c.emb == "sparse" else {"mode": "sum"}
        self.bag, self.d = c.emb == "bag", c.dim
        self.mod = cls(c.vocab, c.dim, sparse=True, **kw)
        nn.init.uniform_(self.mod.weight, -1 / math.sqrt(c.dim), 1 / math.sqrt(c.dim))
        self.off = torch.arange(c.batch * c.fields)
        if c.optimizer == "adam":
            self.opt = torch.optim.SparseAdam(list(self.mod.parameters()), lr=c.lr)
        else:
            self.opt = torch.optim.Adagrad(self.mod.parameters(), lr=c.lr)

    def gather(self, ids):
        if self.bag:
            return self.mod(ids.view(-1), self.off).view(*ids.shape, self.d)
        return self.mod(ids)


# ----------------------------------------------------------------------------- PCGrad
def pcgrad_coefficients(gram):
    """From the Gram matrix of T task gradients, c with sum_t c_t g_t = the PCGrad direction.

    For each i, starting from g_i, for j = i+1, i+2, ... (mod T): subtract the projection on g_j
    when the dot product of the current vector with the original g_j is negative; sum over i."""
    T = len(gram)
    total = [0.0] * T
    for i in range(T):
        c = [0.0] * T
        c[i] = 1.0
        for s in range(1, T):
            j = (i + s) % T
            dot = sum(c[a] * gram[a][j] for a in range(T))
            if dot < 0 and gram[j][j] > 0:
                c[j] -= dot / gram[j][j]
        for a in range(T):
            total[a] += c[a]
    return total


# ----------------------------------------------------------------------------- counts
def counts(c):
    m, d, k = c.fields + 1, c.dim, c.k
    D, T = m * d, (1 if c.method == "plain" else 3)
    lin = lambda i, o, b=1: (i * o, o if b else 0)
    L = [lin(c.dense, c.bottom_hidden), lin(c.bottom_hidden, d)]
    ln = fm = 0
    for _ in range(c.layers):
        if c.y == "mlp":
            L += [lin(D, c.attn_hidden), lin(c.attn_hidden, d * k)]
        else:
            ln += d * k
        L += [lin(d * k, D, 0), lin(D, c.cross_rank, 0), lin(c.cross_rank, D),
              lin(D, c.mlp_hidden), lin(c.mlp_hidden, D), lin(D, D, 0)]
        ln += 2 * D
        fm += 2 * m * d * k                              # E Y, then E^T P
    if c.method == "mmoe":
        L += [lin(D, c.experts * c.expert_hidden), lin(D, T * c.experts)]
        L += [lin(c.expert_hidden, c.top[-1])] * c.experts + [lin(c.top[-1], T)]
        fm += (c.experts - 1) * c.top[-1] * T            # heads applied to every expert
    else:
        dims = [D] + list(c.top)
        L += [lin(a, b) for a, b in zip(dims, dims[1:])] + [lin(dims[-1], T)]
    params = sum(w + b for w, b in L) + ln
    fwd = 2 * (sum(w for w, _ in L) + fm)
    bwd = 2 * fwd - 2 * c.dense * c.bottom_hidden        # no gradient of the dense inputs
    if c.method == "pcgrad":
        bwd *= 3
    return dict(params_dense=params, params_embedding=c.vocab * d, mflop_fwd=fwd / 1e6,
                mflop_step=(fwd + bwd) / 1e6, mflop_fm_fwd=4e-6 * m * d * k * c.layers)


# ----------------------------------------------------------------------------- the step
class Trainer:
    PARTS = ("gather", "forward", "backward", "optimizer")

    def __init__(self, c):
        self.c = c
        torch.manual_seed(c.seed)
        self.table = (Table if c.emb == "manual" else AutogradTable)(c)
        self.model = LossModel(c)
        if c.method == "pcgrad" and c.emb != "manual":
            sys.exit("--method pcgrad needs --emb manual (row gradients of each task)")
        self.params = [p for p in self.model.parameters()]
        cls = torch.optim.Adam if c.optimizer == "adam" else torch.optim.Adagrad
        self.opt = None
        if c.fused_opt:
            try:
                self.opt = cls(self.params, lr=c.lr, fused=True)
            except (TypeError, RuntimeError):
                pass
        if self.opt is None:
            self.opt = cls(self.params, lr=c.lr, foreach=True)
        self.fn = self.model
        if c.compile:
            self.fn = torch.compile(self.model, fullgraph=True, dynamic=False,
                                    **({} if c.compile_mode == "default" else {"mode": c.compile_mode}))
        self.acc = [0.0] * 4

    def loss(self, E, dense, lab):
        if self.c.bf16:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                return self.fn(E, dense, lab)
        return self.fn(E, dense, lab)

    def step(self, batch):
        ids, dense, lab = batch
        now = time.perf_counter
        t0 = now()
        E = self.table.gather(ids)
        t1 = now()
        loss = self.loss(E, dense, lab)
        t2 = now()
        if self.c.method == "pcgrad":
            rows = self.pcgrad_backward(ids, E, loss)
            t3 = now()
            self.opt.step()
            self.table.update(*rows)
            loss = loss.sum()
        else:
            loss.backward()
            t3 = now()
            self.opt.step()
            if self.c.emb == "manual":
                rows, (g,) = self.table.dedup(ids, E.grad)
                self.table.update(rows, g)
            else:
                self.table.opt.step()
                self.table.opt.zero_grad(set_to_none=True)
        self.opt.zero_grad(set_to_none=True)
        t4 = now()
        a = self.acc
        a[0] += t1 - t0; a[1] += t2 - t1; a[2] += t3 - t2; a[3] += t4 - t3
        return loss.detach()

    def pcgrad_backward(self, ids, E, losses):
        """Projected gradients over the trunk and the touched embedding rows; heads keep their own."""
        T = losses.numel()
        net = self.model.net
        heads = list(net.head.parameters())
        hid = {id(p) for p in heads}
        trunk = [p for p in self.params if id(p) not in hid]
        wrt = trunk + [E] + heads
        if self.c.pcgrad_impl == "vmap":
            gs = torch.autograd.grad(losses, wrt, torch.eye(T), is_grads_batched=True)
            per_task = [[g[t] for g in gs] for t in range(T)]
        else:
            per_task = [torch.autograd.grad(losses[t], wrt, retain_graph=t + 1 < T) for t in range(T)]
        n = len(trunk)
        rows, sums = self.table.dedup(ids, *[g[n] for g in per_task])
        # one [T, P] matrix of all shared gradients; its Gram matrix decides the projection
        M = torch.stack([torch.cat([x.reshape(-1) for x in g[:n]] + [s.view(-1)])
                         for g, s in zip(per_task, sums)])
        c = pcgrad_coefficients((M @ M.t()).tolist())
        G = torch.tensor(c, dtype=M.dtype) @ M
        i = 0
        for p in trunk:
            p.grad = G[i:i + p.numel()].view_as(p)
            i += p.numel()
        for q, p in enumerate(heads):                    # a head's rows see only their own task
            p.grad = sum(g[n + 1 + q] for g in per_task)
        return rows, G[i:].view(-1, self.c.dim)


def gemm_rate(seconds=0.1):
    """GFLOP/s of a plain sgemm of the model's biggest shape, by wall and by CPU time: the machine's
    speed of the moment (by CPU time it does not see time slicing, only a slower core)."""
    a, b = torch.rand(2048, 432), torch.rand(432, 784)
    o = torch.empty(2048, 784)
    torch.mm(a, b, out=o)
    wall = cpu = 1e9
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        s, p = time.perf_counter(), time.process_time()
        torch.mm(a, b, out=o)
        wall, cpu = min(wall, time.perf_counter() - s), min(cpu, time.process_time() - p)
    f = 2e-9 * 2048 * 432 * 784
    return f / wall, f / cpu


def main(c):
    torch.set_num_threads(c.threads)
    try:
        torch.set_num_interop_threads(1)
    except RuntimeError:
        pass
    torch.set_flush_denormal(True)
    if c.fm == "auto":
        c.fm = "bmm" if c.pcgrad_impl == "vmap" or c.bf16 else "sym"
    n = c.batches or max(8, 131072 // c.batch)
    data = make_batches(c, n, c.seed)
    t = Trainer(c)
    i = 0
    t_c = time.perf_counter()
    for _ in range(c.warmup):
        t.step(data[i % n]); i += 1
        if _ == 0:
            first = time.perf_counter() - t_c
    w0 = time.perf_counter()
    t.step(data[i % n]); i += 1
    per = time.perf_counter() - w0
    steps = c.steps or max(4 if c.batch <= 4096 else 2, int(c.seconds / per))
    if c.profile:
        from torch.profiler import profile, ProfilerActivity
        with profile(activities=[ProfilerActivity.CPU]) as prof:
            for _ in range(4):
                t.step(data[i % n]); i += 1
        print(prof.key_averages().table(sort_by="self_cpu_time_total", row_limit=25,
                                        max_name_column_width=40))
    windows = []

    def window():
        nonlocal i
        t.acc = [0.0] * 4
        before = gemm_rate()
        ts, c0, run = [], time.process_time(), []
        for _ in range(steps):
            s = time.perf_counter()
            l = t.step(data[i % n]); i += 1
            ts.append(time.perf_counter() - s)
            if c.loss_every:
                run.append(float(l))
                if i % c.loss_every == 0:
                    print("step %d loss %.5f" % (i, sum(run) / len(run))); run = []
        cpu = time.process_time() - c0
        after = gemm_rate()
        windows.append(dict(
            gemm=min(before[0], after[0]), gemm_cpu=min(before[1], after[1]), loss=float(l), best=min(ts),
            speed=c.batch / statistics.median(ts),
            cpu=cpu / (steps * c.batch) * 1e6,
            parts=[x / steps * 1e3 for x in t.acc]))

    end = time.perf_counter() + c.wait
    quiet = lambda: sum(w["gemm"] >= c.quiet_gflops for w in windows)
    while len(windows) < c.repeat or (quiet() < c.repeat and time.perf_counter() < end):
        if windows and windows[-1]["gemm"] < c.quiet_gflops and time.perf_counter() < end:
            while gemm_rate(0.03)[0] < c.quiet_gflops and time.perf_counter() < end:
                time.sleep(0.15)
        window()
    # the quietest `repeat` windows: all quiet ones first
    keep = [dict(w) for w in windows]
    all_speeds = [w["speed"] for w in windows]
    nq = quiet()
    if c.quiet_gflops:
        windows.sort(key=lambda w: -w["gemm"])
        windows = windows[:max(c.repeat, nq)]
    speeds, cpus = [w["speed"] for w in windows], [w["cpu"] for w in windows]
    parts, calib = [w["parts"] for w in windows], [w["gemm"] for w in windows]
    l = windows[-1]["loss"]
    med = statistics.median
    r = dict(tag=c.tag, torch=torch.__version__, method=c.method, batch=c.batch, threads=c.threads,
             optimizer=c.optimizer, compile=c.compile, fm=c.fm, y=c.y, emb=c.emb, fuse=c.fuse,
             bf16=c.bf16, pcgrad_impl=c.pcgrad_impl if c.method == "pcgrad" else "",
             steps=steps, repeats=len(windows), quiet_repeats=nq,
             all_windows_min=min(all_speeds), all_windows_median=med(all_speeds), all_windows=len(all_speeds), windows=keep,
             samples_per_s=med(speeds), samples_per_s_min=min(speeds), samples_per_s_max=max(speeds),
             best_step_samples_per_s=c.batch / min(w["best"] for w in windows),
             cpu_s_per_1e6=med(cpus), cpu_s_min=min(cpus), cpu_s_max=max(cpus),
             ms={k: med([p[q] for p in parts]) for q, k in enumerate(Trainer.PARTS)},
             first_step_s=first, loss=l, gemm_gflops=med(calib), gemm_gflops_max=max(calib),
             cpu_capability=getattr(torch.backends.cpu, "get_cpu_capability", lambda: "?")()
             if hasattr(torch.backends, "cpu") else "?",
             peak_rss_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, **counts(c))
    r["gflops"] = r["mflop_step"] * r["samples_per_s"] / 1e3
    got = sum(p.numel() for p in t.params)
    if got != r["params_dense"]:
        raise SystemExit("parameter count: %d counted, %d found" % (r["params_dense"], got))
    print("torch %s  %s  batch %d  threads %d  %s  %s  fm=%s emb=%s fuse=%d%s" % (
        r["torch"], c.method, c.batch, c.threads, c.optimizer,
        "compile" if c.compile else "eager", c.fm, c.emb, c.fuse, "  bf16" if c.bf16 else ""))
    print("  samples/s  median %.0f  (min %.0f, max %.0f over %d repeats of %d steps; best step %.0f)%s"
          % (r["samples_per_s"], r["samples_per_s_min"], r["samples_per_s_max"], len(windows), steps,
             r["best_step_samples_per_s"],
             "  quiet %d" % nq if c.quiet_gflops else ""))
    print("  CPU seconds (user+system) per 1e6 samples  median %.1f  (%.1f-%.1f)"
          % (r["cpu_s_per_1e6"], r["cpu_s_min"], r["cpu_s_max"]))
    print("  ms/step  " + "  ".join("%s %.2f" % kv for kv in r["ms"].items()))
    print("  peak RSS %.0f MiB  first step %.1f s  dense params %d  embedding params %d"
          % (r["peak_rss_mib"], first, r["params_dense"], r["params_embedding"]))
    print("  MFLOP/sample: forward %.3f, step %.3f  -> %.1f GFLOP/s; plain sgemm beside it %.1f GFLOP/s"
          % (r["mflop_fwd"], r["mflop_step"], r["gflops"], r["gemm_gflops"]))
    if c.json:
        with open(c.json, "a") as f:
            f.write(json.dumps(r) + "\n")


if __name__ == "__main__":
    main(ARGS)
