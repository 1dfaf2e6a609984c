from exp1 import *
def score(res,P,name,F,fut,past,sc):
    e=F-fut
    res.setdefault(name,[]).append(np.array([np.abs(e).sum(),np.abs(e[:,:4]).sum(),fut.sum(),fut[:,:4].sum(),e.sum(),np.abs(e.sum(1)).sum(),np.abs(e[:,:4].sum(1)).sum(),(e**2).sum(),np.mean(np.sqrt((e**2).mean(1))/sc),(P[:,None]*np.abs(e)).sum(),(P[:,None]*fut).sum(), np.abs(np.round(F)-fut).sum()]))
def run2(n,level,origins,least=1,limit=None,sf=(),season=None,keepF=None):
    z=np.load(f'{n}.npz'); Y=z[level].astype(float); P=np.nan_to_num(z[level+'_price'])
    keep=np.flatnonzero((Y[:,:origins[0]]>0).sum(1)>=least); full=len(keep)
    if limit and len(keep)>limit: keep=np.sort(np.random.default_rng(0).choice(keep,limit,replace=False))
    Y=Y[keep];P=P[keep]; res={};T={}
    for o in origins:
        past,fut=Y[:,:o],Y[:,o:o+H]; sc=np.sqrt(np.maximum((np.diff(past,axis=1)**2).mean(1),1e-3)); Fs={}
        for name,f in BASE.items():
            F=f(past)
            if F is not None: Fs[name]=F
        for name in sf:
            t=time.perf_counter(); F=np.zeros_like(fut)
            for i,y in enumerate(past):
                s=np.argmax(y>0); yy=y[s:] if len(y)-s>=8 else y[-8:]
                try: F[i]=SF[name](0).forecast(y=yy,h=H)['mean']
                except Exception: F[i]=yy[-4:].mean(); T[name+'_e']=T.get(name+'_e',0)+1
            T[name]=T.get(name,0)+time.perf_counter()-t; Fs[name]=np.maximum(np.nan_to_num(F),0)
        Fs['comb:4,13,all']=(Fs['mean4']+Fs['mean13']+Fs['all'])/3
        Fs['comb:4,ses.1']=(Fs['mean4']+Fs['ses.1'])/2
        Fs['comb:ses']=(Fs['ses.05']+Fs['ses.1']+Fs['ses.2']+Fs['ses.3'])/4
        if 'DOT' in Fs: Fs['comb:DOT,SESopt,13']=(Fs['DOT']+Fs['SESopt']+Fs['mean13'])/3
        if 'snaive' in Fs:
            tot=past.sum(0); # pooled weekly shape: last year's total around, smoothed
            idx=np.array([tot[o+h-52]/ (tot[max(0,o+h-52-6):o+h-52+7].mean()) for h in range(H)])
            for a in (.5,1): Fs[f'all*idx{a}']=Fs['ses.05']*idx**a
        for k,F in Fs.items(): score(res,P,k,F,fut,past,sc)
    print(f'== {n} {level} series {len(Y)} of {full}, zeros {np.mean(Y[:,:origins[-1]]==0):.3f}, mean/week {Y.mean():.3f}')
    S={k:np.array(v) for k,v in res.items()}
    for k,v in sorted(S.items(),key=lambda kv:kv[1][:,0].sum()):
        s=v.sum(0); print(f'{k:18s} wape {s[0]/s[2]:.4f} 1-4 {s[1]/s[3]:.4f} rounded {s[11]/s[2]:.4f} sum8 {s[5]/s[2]:.4f} sum4 {s[6]/s[3]:.4f} bias {s[4]/s[2]:+.3f} rmse {np.sqrt(s[7]/len(Y)/H/len(origins)):.4f} rmsse {s[8]/len(origins):.4f} money {s[9]/s[10]:.4f} ms {1000*T.get(k,0)/len(Y)/len(origins):.2f} err {T.get(k+"_e","")}',flush=True)
if __name__=='__main__':
    W=[72,80,88,96]; C=[32,36,40,44]
    what=sys.argv[1]
    if what=='a':
        run2('world','category',W)
        run2('world','product',W,sf=['DOT','SESopt','SBA','IMAPA'])
        run2('world','product_store',W,sf=['SESopt','SBA','IMAPA'],limit=None)
        run2('complete_journey','product_store',C,4,4000,sf=['SESopt','SBA','IMAPA'])
        run2('complete_journey','product',C,4,4000,sf=['SESopt','SBA','IMAPA'])
        run2('complete_journey','product',C,26,1000,sf=['DOT','SESopt','ETS'])
