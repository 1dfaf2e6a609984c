import numpy as np,duckdb,datetime as d,time
t0=time.time()
z=np.load('w20.npz'); D,S,k=z['D'],z['S'],z['k']; n,T=D.shape; W=T//7; first='2023-07-03'
c=duckdb.connect(); c.execute('set threads=1')
r=c.execute(f"""select 'erp:'||c0||'|erp:'||c1 k, try_cast(c2 as date)-date '{first}' dd, max(try_cast(c3 as double)) q from read_csv('world20k/landing/erp/stock/*.csv',header=false,all_varchar=true,names=['c0','c1','c2','c3'],ignore_errors=true,quote='"') where try_cast(c2 as date)>=date '{first}' and try_cast(c3 as double) is not null group by all""").fetchnumpy()
idx={x:i for i,x in enumerate(k)}; i=np.array([idx.get(x,-1) for x in r['k']]); dd=r['dd'].astype(int); ok=(i>=0)&(dd<T)
E=np.zeros((n,T),bool); E[i[ok],dd[ok]]=r['q'][ok]<=0; known=np.zeros((n,T),bool); known[i[ok],dd[ok]]=True
print('known',known.mean(),'empty at close',E.mean(),'of lost days marked',E[S<D].mean(),'sold on empty days',S[E].sum()/S.sum(), round(time.time()-t0,1))
wk=lambda X:X.reshape(n,W,7).sum(2).astype(float)
dow=S.sum(0).reshape(W,7).sum(0); dow=dow/dow.sum()
avail=1-(E.reshape(n,W,7)*dow).sum(2); Ys,Yd=wk(S),wk(D)
acc={}
for o in range(60,149,8):
    fut=Yd[:,o:o+8]; w=(.95)**np.arange(o-1,-1,-1)
    for name,f in {'sold':Ys[:,:o]@w/w.sum(),'exposure':(Ys[:,:o]@w)/np.maximum(avail[:,:o]@w,1),'truth':Yd[:,:o]@w/w.sum()}.items():
        F=np.repeat(f[:,None],8,1); acc.setdefault(name,[]).append((F.sum(),fut.sum(),np.abs(F-fut).sum()))
    hit=(avail[:,o-13:o]<.7).any(1)
    for name,f in {'sold hit':Ys[hit][:,:o]@w/w.sum(),'exposure hit':(Ys[hit][:,:o]@w)/np.maximum(avail[hit][:,:o]@w,1),'truth hit':Yd[hit][:,:o]@w/w.sum()}.items():
        F=np.repeat(f[:,None],8,1); acc.setdefault(name,[]).append((F.sum(),fut[hit].sum(),np.abs(F-fut[hit]).sum()))
base=np.array(acc['truth']).sum(0)[0]; bh=np.array(acc['truth hit']).sum(0)[0]
for kk,v in acc.items(): v=np.array(v).sum(0); print(f'{kk:13s} against the forecast from true demand {v[0]/(bh if "hit" in kk else base)-1:+.4f}; bias {v[0]/v[1]-1:+.4f}; wape {v[2]/v[1]:.4f}')
