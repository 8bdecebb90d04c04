// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Ancestor, IModelRegistry } from "../interfaces/IModelRegistry.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { Earnings, ITreasury } from "../interfaces/ITreasury.sol";
import { BPS, ModelId, SHARE_SUPPLY } from "../lib/Types.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Multicall } from "@openzeppelin/contracts/utils/Multicall.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `ITreasury`.
/// @dev One number per model determines what its shares earn: how much has accrued so far, which grows with payments
/// and time and is rounded down to ten-thousandths of a unit. A holder is owed its balance times the growth since it
/// was last settled. The parts of all holders add up exactly. A payment calls only the token and the protocol's own
/// contracts.
contract Treasury is ITreasury, Multicall {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev Number of parts of one token unit in `Holding.owed`.
    uint256 internal constant PARTS = BPS * SHARE_SUPPLY;

    /// @dev Number of places for the lineage in `_ancestors`.
    uint256 private constant LINEAGE = 16;

    /// @dev Fits one word: PARTS is less than 2^94, so that `owed` holds 10^14 USDC.
    /// @param settledAt Amount accrued to the model up to which `owed` counts, in ten-thousandths of a unit.
    /// @param owed Amount owed, in parts of a unit; BPS × SHARE_SUPPLY parts make one unit.
    struct Holding {
        uint96 settledAt;
        uint160 owed;
    }

    /// @dev One word, which tells a payment everything about the minter.
    struct Account {
        uint248 credit;
        bool isMinter;
    }

    /// @dev Credits of the protocol's account and of the prover pool, and the cuts in one set of the protocol's values
    /// (`IProtocol.moment`), in one word.
    struct Pool {
        uint88 protocol;
        uint88 provers;
        uint32 number;
        uint16 protocolBps;
        uint16 proverBps;
        uint16 minterBps;
    }

    IERC20 private immutable USD;
    IModelRegistry internal immutable REGISTRY;
    IProtocol private immutable PROTOCOL;
    address private immutable MINTER_REGISTRY;
    address private immutable ORIGINS;
    uint64 private immutable EPOCH_LENGTH;

    /// @inheritdoc ITreasury
    address public immutable protocolAccount;
    /// @inheritdoc ITreasury
    address public immutable proverPool;

    mapping(address account => Account) private _accounts;
    Pool private _pool;
    mapping(ModelId id => Earnings) private _earnings;
    mapping(ModelId id => mapping(address account => Holding)) private _holdings;
    /// @dev The lineage, kept from the first payment on, and from `LINEAGE` on the ancestors that were entered. Four of them
    /// in one word: 48 bits of the number, 16 of the royalty.
    mapping(ModelId id => uint64[LINEAGE + 4]) private _ancestors;

    constructor(
        IERC20 usd,
        IModelRegistry registry,
        IProtocol protocol,
        address minterRegistry,
        address origins,
        address protocolAccount_,
        address proverPool_
    ) {
        require(_canBeCredited(protocolAccount_), AccountInvalid(protocolAccount_));
        require(_canBeCredited(proverPool_), AccountInvalid(proverPool_));

        USD = usd;
        REGISTRY = registry;
        PROTOCOL = protocol;
        MINTER_REGISTRY = minterRegistry;
        ORIGINS = origins;
        EPOCH_LENGTH = protocol.epochLength();
        protocolAccount = protocolAccount_;
        proverPool = proverPool_;
        (_pool.protocolBps, _pool.proverBps, _pool.minterBps) = protocol.cuts();
        (, _pool.number) = protocol.moment();
    }

    /* WRITES */

    /// @inheritdoc ITreasury
    function pay(ModelId id, uint256 amount, address minter) external {
        Earnings memory own = _earnings[id];
        Ancestor[] memory lineage;
        Ancestor[] memory beside;
        if (own.lineage == 0) lineage = _keepLineage(id, own);
        else if (own.lineage > 1) lineage = _ancestorsOf(id, 0, own.lineage - 1);
        if (own.entered > 0) beside = _ancestorsOf(id, LINEAGE, own.entered);

        (uint256 rest, uint256 epoch) = _cut(id, amount, minter);
        uint256 ownBps = BPS;
        for (uint256 i; i < lineage.length; ++i) {
            ownBps -= lineage[i].royaltyBps;
            _earn(lineage[i].id, _earnings[lineage[i].id], rest * lineage[i].royaltyBps, epoch);
        }
        _earn(id, own, rest * ownBps - _earnBeside(beside, rest, ownBps, epoch), epoch);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc ITreasury
    function payAccount(address account, uint256 amount) external {
        require(_canBeCredited(account), AccountInvalid(account));

        _accounts[account].credit += amount.toUint248();
        emit Credited(account, msg.sender, amount);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc ITreasury
    function claim(ModelId id, address account) external returns (uint256 amount) {
        uint96 accrued = _accrued(id);
        uint256 owed = _owed(id, REGISTRY.shares(id), account, accrued);
        amount = owed / PARTS;
        if (amount == 0) return 0;

        _hold(id, account, accrued, owed - amount * PARTS);
        emit Claimed(id, account, amount);

        USD.safeTransfer(account, amount);
    }

    /// @inheritdoc ITreasury
    function claimCredit(address account) external returns (uint256 amount) {
        amount = credit(account);
        if (amount == 0) return 0;

        _accounts[account].credit = 0;
        if (account == protocolAccount) _pool.protocol = 0;
        if (account == proverPool) _pool.provers = 0;
        emit CreditClaimed(account, amount);

        USD.safeTransfer(account, amount);
    }

    /// @inheritdoc ITreasury
    function setMinter(address account, bool isMinter_) external {
        require(msg.sender == MINTER_REGISTRY, NotMinterRegistry(msg.sender, MINTER_REGISTRY));

        _accounts[account].isMinter = isMinter_;
    }

    /// @inheritdoc ITreasury
    function setEntered(ModelId id, Ancestor[] calldata ancestors) external {
        require(msg.sender == ORIGINS, NotOrigins(msg.sender, ORIGINS));

        _keep(id, LINEAGE, ancestors);
        _earnings[id].entered = ancestors.length.toUint8();
    }

    /// @inheritdoc ITreasury
    function settle(ModelId id, address from, address to) external {
        address shares = REGISTRY.shares(id);
        require(msg.sender == shares, NotShares(msg.sender, shares));

        uint96 accrued = _accrued(id);

        _hold(id, from, accrued, _owed(id, shares, from, accrued));
        _hold(id, to, accrued, _owed(id, shares, to, accrued));
    }

    /* VIEWS */

    /// @inheritdoc ITreasury
    function claimable(ModelId id, address account) external view returns (uint256) {
        return _owed(id, REGISTRY.shares(id), account, _accrued(id)) / PARTS;
    }

    /// @inheritdoc ITreasury
    function credit(address account) public view returns (uint256 amount) {
        amount = _accounts[account].credit;
        if (account == protocolAccount) amount += _pool.protocol;
        if (account == proverPool) amount += _pool.provers;
    }

    /// @inheritdoc ITreasury
    function entered(ModelId id) external view returns (Ancestor[] memory) {
        return _ancestorsOf(id, LINEAGE, _earnings[id].entered);
    }

    /// @inheritdoc ITreasury
    function isMinter(address account) external view returns (bool) {
        return _accounts[account].isMinter;
    }

    /// @inheritdoc ITreasury
    function earned(ModelId id) external view returns (uint256) {
        Earnings memory found = _earnings[id];
        return (uint256(found.accrued) + found.streaming + found.pending) / BPS;
    }

    /// @inheritdoc ITreasury
    function earnings(ModelId id) external view returns (Earnings memory) {
        return _rolled(_earnings[id], PROTOCOL.epoch());
    }

    /* INTERNAL */

    /// @dev A lineage never changes, so it is looked up once.
    function _keepLineage(ModelId id, Earnings memory own) private returns (Ancestor[] memory lineage) {
        lineage = REGISTRY.lineage(id);
        _keep(id, 0, lineage);
        own.lineage = (lineage.length + 1).toUint8();
    }

    function _keep(ModelId id, uint256 from, Ancestor[] memory ancestors) private {
        uint64[LINEAGE + 4] storage places = _ancestors[id];
        for (uint256 i; i < ancestors.length; ++i) {
            places[from + i] = uint64(ModelId.unwrap(ancestors[i].id).toUint48()) << 16 | ancestors[i].royaltyBps;
        }
    }

    function _ancestorsOf(ModelId id, uint256 from, uint256 count) private view returns (Ancestor[] memory ancestors) {
        uint64[LINEAGE + 4] storage places = _ancestors[id];
        ancestors = new Ancestor[](count);
        for (uint256 i; i < count; ++i) {
            uint64 place = places[from + i];
            // the two lowest bytes
            // forge-lint: disable-next-line(unsafe-typecast)
            ancestors[i] = Ancestor(ModelId.wrap(place >> 16), uint16(place));
        }
    }

    /// @dev Credits the cuts of a payment.
    function _cut(ModelId id, uint256 amount, address minter) private returns (uint256 rest, uint256 epoch) {
        Pool memory pool = _pool;
        epoch = _refreshCuts(pool);
        uint256 protocolCut = amount * pool.protocolBps / BPS;
        uint256 proverCut = amount * pool.proverBps / BPS;
        uint256 minterCut = amount * pool.minterBps / BPS;
        Account storage account = _accounts[minter];
        bool listed = account.isMinter;

        pool.protocol += protocolCut.toUint88();
        pool.provers += (listed ? proverCut : proverCut + minterCut).toUint88();
        _pool = pool;
        if (listed) account.credit += minterCut.toUint248();
        emit Paid(id, msg.sender, amount, protocolCut, proverCut, minterCut, listed ? minter : proverPool);
        rest = amount - protocolCut - proverCut - minterCut;
    }

    /// @dev Sets the cuts that count now. Returns the epoch.
    function _refreshCuts(Pool memory pool) private view returns (uint256) {
        (uint64 time, uint32 number) = PROTOCOL.moment();
        if (pool.number != number) {
            pool.number = number;
            (pool.protocolBps, pool.proverBps, pool.minterBps) = PROTOCOL.cuts();
        }
        return time / EPOCH_LENGTH;
    }

    /// @dev Credits entered ancestors out of the shareholders' part of `rest`. Returns what they earn together, in
    /// ten-thousandths of a unit.
    function _earnBeside(Ancestor[] memory beside, uint256 rest, uint256 ownBps, uint256 epoch)
        private
        returns (uint256 total)
    {
        uint256 askedBps;
        for (uint256 i; i < beside.length; ++i) {
            askedBps += beside[i].royaltyBps;
        }
        for (uint256 i; i < beside.length; ++i) {
            uint256 amount = rest * beside[i].royaltyBps;
            if (askedBps > ownBps) amount = amount * ownBps / askedBps;
            total += amount;
            _earn(beside[i].id, _earnings[beside[i].id], amount, epoch);
        }
    }

    /// @param amount In ten-thousandths of a unit.
    function _earn(ModelId id, Earnings memory stored, uint256 amount, uint256 epoch) private {
        Earnings memory rolled = _rolled(stored, epoch);
        uint256 pending = rolled.pending + amount;
        // A payment never reverts for its size: a slash must not fail because it takes too much.
        if (pending > type(uint64).max) {
            rolled.accrued = (rolled.accrued + pending - type(uint64).max).toUint88();
            pending = type(uint64).max;
        }
        // at most the largest, which fits
        // forge-lint: disable-next-line(unsafe-typecast)
        rolled.pending = uint64(pending);
        _earnings[id] = rolled;
    }

    /// @dev Amount accrued until now, rounded down to ten-thousandths of a unit. It never decreases.
    function _accrued(ModelId id) internal view returns (uint96) {
        uint64 time = PROTOCOL.time();
        Earnings memory rolled = _rolled(_earnings[id], time / EPOCH_LENGTH);
        return (rolled.accrued + uint256(rolled.streaming) * (time % EPOCH_LENGTH) / EPOCH_LENGTH).toUint96();
    }

    /// @dev The earnings as they are in `epoch`, which is the stored one or later.
    function _rolled(Earnings memory stored, uint256 epoch) private pure returns (Earnings memory) {
        if (stored.epoch == epoch) return stored;
        bool next = stored.epoch + 1 == epoch;
        uint256 accrued = uint256(stored.accrued) + stored.streaming + (next ? 0 : stored.pending);
        return Earnings({
            accrued: accrued.toUint88(),
            streaming: next ? stored.pending : 0,
            pending: 0,
            epoch: epoch.toUint24(),
            lineage: stored.lineage,
            entered: stored.entered
        });
    }

    function _hold(ModelId id, address account, uint96 accrued, uint256 owed) private {
        _holdings[id][account] = Holding({ settledAt: accrued, owed: owed.toUint160() });
    }

    /// @dev Cannot overflow: accrued < 2^96, balance < 2^80.
    function _owed(ModelId id, address shares, address account, uint96 accrued) internal view returns (uint256) {
        Holding memory holding = _holdings[id][account];
        uint256 since = accrued - holding.settledAt;
        if (since == 0) return holding.owed;
        return holding.owed + since * IERC20(shares).balanceOf(account);
    }

    /// @dev A credit to zero could not be claimed. A credit to the treasury could not leave it.
    function _canBeCredited(address account) private view returns (bool) {
        return account != address(0) && account != address(this);
    }
}
