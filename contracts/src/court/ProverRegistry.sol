// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IProtocol } from "../interfaces/IProtocol.sol";
import { IProverRegistry, Prover } from "../interfaces/IProverRegistry.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `IProverRegistry`.
contract ProverRegistry is IProverRegistry {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    address private immutable COURT;

    /// @inheritdoc IProverRegistry
    mapping(address prover => uint256) public earned;
    /// @inheritdoc IProverRegistry
    uint256 public committed;

    mapping(address account => Prover) private _provers;
    address[] private _list;

    /// @dev Each prover's part of the pool in one epoch, fixed by the first coverage paid in it.
    uint64 private _shareEpoch;
    uint128 private _share;

    constructor(IERC20 usd, IProtocol protocol, address court) {
        USD = usd;
        PROTOCOL = protocol;
        COURT = court;
    }

    modifier onlyCourt() {
        _onlyCourt();
        _;
    }

    /* PROVERS */

    /// @inheritdoc IProverRegistry
    function stake(uint256 amount) external {
        Prover storage prover = _provers[msg.sender];
        PROTOCOL.requireOpen();
        uint256 total = prover.stake + amount;
        uint256 min = PROTOCOL.proverStake();
        require(prover.exitAt == 0, ProverLeaving(msg.sender, prover.exitAt));
        require(total >= min, StakeBelowMin(total, min));

        committed += amount;
        prover.stake = total.toUint128();
        emit Staked(msg.sender, amount, total);
        if (prover.place == 0) _enlist(msg.sender, prover);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IProverRegistry
    function exit() external {
        Prover storage prover = _provers[msg.sender];
        require(prover.exitAt == 0, ProverLeaving(msg.sender, prover.exitAt));
        require(prover.stake > 0, NotListed(msg.sender));

        uint64 exitAt = PROTOCOL.time() + PROTOCOL.thaw();

        if (prover.place != 0) _delist(msg.sender, prover);
        prover.exitAt = exitAt;
        emit Leaving(msg.sender, exitAt);
    }

    /// @inheritdoc IProverRegistry
    function withdraw(address account) external returns (uint256 amount) {
        Prover storage prover = _provers[account];
        uint64 time = PROTOCOL.time();
        require(prover.exitAt != 0, NotLeaving(account));
        require(time >= prover.exitAt, StakeThawing(time, prover.exitAt));
        require(prover.locked == 0, StakeLocked(account, prover.locked));

        amount = prover.stake;
        committed -= amount;
        delete _provers[account];
        emit Left(account, amount);

        USD.safeTransfer(account, amount);
    }

    /// @inheritdoc IProverRegistry
    function cover(bytes32 root) external returns (uint256 fee) {
        Prover storage prover = _provers[msg.sender];
        uint64 epoch = PROTOCOL.epoch();
        uint64 first = uint64(Math.max(prover.since, prover.covered)) + 1;
        require(prover.place != 0, NotListed(msg.sender));
        require(epoch >= first, CoverageTooEarly(epoch, first));
        require(root != 0, CoverageRootMissing());

        if (_shareEpoch != epoch) {
            _shareEpoch = epoch;
            _share = Math.min(PROTOCOL.coverageFee(), pool() / _list.length).toUint128();
        }
        fee = Math.min(_share, pool());
        prover.covered = epoch;
        _earn(msg.sender, fee);
        emit Covered(msg.sender, epoch, root, fee);
    }

    /// @inheritdoc IProverRegistry
    function claim(address account) external returns (uint256 amount) {
        amount = earned[account];
        if (amount == 0) return 0;

        earned[account] = 0;
        committed -= amount;
        emit EarningsClaimed(account, amount);

        USD.safeTransfer(account, amount);
    }

    /* COURT ONLY */

    /// @inheritdoc IProverRegistry
    function draw(bytes32 seed, uint256 seats, address opener, address accused)
        external
        onlyCourt
        returns (address[] memory panel, uint64 penalty)
    {
        penalty = PROTOCOL.proverPenalty();
        uint256 size = _list.length;
        seats = Math.min(seats, size);
        panel = new address[](seats);
        uint256 count;
        uint256[] memory places = _sample(seed, seats, size);
        for (uint256 i; i < seats; ++i) {
            address drawn = _list[places[i]];
            Prover storage prover = _provers[drawn];
            if (drawn == opener || drawn == accused || prover.stake - prover.locked < penalty) continue;
            prover.locked += penalty;
            panel[count++] = drawn;
        }
        assembly ("memory-safe") {
            mstore(panel, count)
        }
    }

    /// @inheritdoc IProverRegistry
    function lock(address account) external onlyCourt returns (uint64 penalty) {
        Prover storage prover = _provers[account];
        penalty = PROTOCOL.proverPenalty();
        uint256 free = prover.stake - prover.locked;
        require(prover.place != 0, NotListed(account));
        require(free >= penalty, StakeNotFree(account, free, penalty));

        prover.locked += penalty;
    }

    /// @inheritdoc IProverRegistry
    function unlock(address account, uint64 penalty, bool taken) external onlyCourt {
        _provers[account].locked -= penalty;
        if (taken) committed -= _penalise(account, penalty);
    }

    /// @inheritdoc IProverRegistry
    function settle(address[] calldata panel, uint256 losers, uint256 winners, uint64 penalty) external onlyCourt {
        (uint256 pot, uint256 winnerCount) = (0, 0);
        for (uint256 i; i < panel.length; ++i) {
            _provers[panel[i]].locked -= penalty;
            if (losers >> i & 1 == 1) pot += _penalise(panel[i], penalty);
            if (winners >> i & 1 == 1) ++winnerCount;
        }
        committed -= pot;
        if (winnerCount == 0) return;

        uint256 pay = (pot + Math.min(PROTOCOL.coverageFee() * winnerCount, pool() - pot)) / winnerCount;
        for (uint256 i; i < panel.length; ++i) {
            if (winners >> i & 1 == 0) continue;
            _earn(panel[i], pay);
            emit Rewarded(panel[i], pay);
        }
    }

    /* VIEWS */

    /// @inheritdoc IProverRegistry
    function provers(address account) external view returns (Prover memory) {
        return _provers[account];
    }

    /// @inheritdoc IProverRegistry
    function listed() external view returns (uint256) {
        return _list.length;
    }

    /// @inheritdoc IProverRegistry
    function proverAt(uint256 place) external view returns (address) {
        return _list[place];
    }

    /// @inheritdoc IProverRegistry
    function pool() public view returns (uint256) {
        return USD.balanceOf(address(this)) - committed;
    }

    /* INTERNAL */

    /// @dev Returns `seats` different numbers below `size`. Every set is equally likely, apart from the bias of a
    /// 256-bit remainder. Robert Floyd's algorithm (Bentley, Programming Pearls, CACM 30(9), 1987).
    function _sample(bytes32 seed, uint256 seats, uint256 size) private pure returns (uint256[] memory places) {
        places = new uint256[](seats);
        for (uint256 i; i < seats; ++i) {
            uint256 top = size - seats + i;
            uint256 place = uint256(keccak256(abi.encode(seed, i))) % (top + 1);
            for (uint256 j; j < i; ++j) {
                if (places[j] == place) place = top;
            }
            places[i] = place;
        }
    }

    function _enlist(address account, Prover storage prover) private {
        _list.push(account);
        prover.place = _list.length.toUint32();
        prover.since = PROTOCOL.epoch();
        emit Listed(account, true);
    }

    function _delist(address account, Prover storage prover) private {
        address last = _list[_list.length - 1];
        _list[prover.place - 1] = last;
        _provers[last].place = prover.place;
        prover.place = 0;
        _list.pop();
        emit Listed(account, false);
    }

    /// @dev The locked amount never exceeds the stake, so the stake covers the penalty.
    function _penalise(address account, uint64 penalty) private returns (uint256) {
        Prover storage prover = _provers[account];
        prover.stake -= penalty;
        emit Penalised(account, penalty, prover.stake);
        if (prover.place != 0 && prover.stake < PROTOCOL.proverStake()) _delist(account, prover);
        return penalty;
    }

    function _earn(address account, uint256 amount) private {
        earned[account] += amount;
        committed += amount;
    }

    function _onlyCourt() private view {
        require(msg.sender == COURT, NotCourt(msg.sender, COURT));
    }
}
